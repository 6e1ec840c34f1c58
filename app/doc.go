// Package app is the client as a whole: it adds and removes folders, archives and shares, starts, supervises and stops the engines
// behind them, and tells in one snapshot how everything is. The window and the command line are two faces of the same Client.
//
// The rules of the house (which package may import which) are kept by layers_test.go beside this file.
package app
