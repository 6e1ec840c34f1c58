package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"elkjopcloud/platform/objstore"
	"elkjopcloud/platform/objstore/dirstore"
	"elkjopcloud/sync/plan"
	"elkjopcloud/sync/space"
	"elkjopcloud/sync/treedb"
)

// join is a device that has nothing yet: it reads the volume and plans what it would make on its disk.
func join(ctx context.Context, dir, profile string) (err error) {
	debug.SetGCPercent(25) // as the command line does
	end, err := profiled(profile)
	if err != nil {
		return err
	}
	store, err := dirstore.Open(filepath.Join(dir, cloudName), dirstore.Options{})
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := space.Open(ctx, objstore.WithLog(store, log))
	if err != nil {
		return err
	}
	db, err := treedb.Open(filepath.Join(dir, "join.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	v := s.Volume(synced, db.Cache(), space.Writer{Device: 2, Run: 2, Name: "Second", Zone: func() int { return 0 }, Now: time.Now, Rand: rand.Reader})
	if _, err := v.Pull(ctx, space.List); err != nil {
		return err
	}
	in := plan.Input{Local: plan.Match(nil, nil), State: v.State(), Joining: true, Most: 50_000} // as the engine does
	acts := plan.PlanDown(in).Do
	fmt.Println(len(acts), "acts")
	if err := end(); err != nil {
		return err
	}
	runtime.KeepAlive(v)
	runtime.KeepAlive(acts)
	return nil
}

// profiled begins profiles whose names begin with name, and returns what ends them.
func profiled(name string) (func() error, error) {
	if name == "" {
		return func() error { return nil }, nil
	}
	cpu, err := os.Create(name + ".cpu")
	if err != nil {
		return nil, err
	}
	return func() error {
		pprof.StopCPUProfile()
		heap, err := os.Create(name + ".heap")
		if err != nil {
			return err
		}
		runtime.GC()
		return errors.Join(pprof.WriteHeapProfile(heap), heap.Close(), io.Closer(cpu).Close())
	}, pprof.StartCPUProfile(cpu)
}
