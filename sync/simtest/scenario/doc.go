// Package scenario holds the numbered cases that other clients learnt the hard way, as tests of whole clients on fake disks and a fake store.
// It has no code of its own: everything is in its tests.
//
// Reading order: README.md (the results), table_test.go (what a case is), play_test.go (the language of its steps), scene_test.go and
// device_test.go (what the steps do), trouble_test.go (what goes wrong), check_test.go (what must hold after every case), then the parts
// a_test.go to t_test.go.
package scenario
