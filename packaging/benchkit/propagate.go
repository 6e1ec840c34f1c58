package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"
)

// propagate saves files in one folder and prints how long each takes to be in the other with the same bytes. The first only warms up.
func propagate(a, b string, count int) error {
	for i := range count + 1 {
		time.Sleep(time.Second + rand.N(time.Second))
		name := fmt.Sprintf("p-%d-%d.bin", os.Getpid(), i)
		data := make([]byte, 10<<10)
		for j := range data {
			data[j] = byte(rand.Uint32())
		}
		began := time.Now()
		if err := os.WriteFile(filepath.Join(a, name), data, 0o644); err != nil {
			return err
		}
		for {
			if got, err := os.ReadFile(filepath.Join(b, name)); err == nil && bytes.Equal(got, data) {
				break
			}
			if time.Since(began) > 2*time.Minute {
				return fmt.Errorf("%s did not arrive within two minutes", name)
			}
			time.Sleep(2 * time.Millisecond)
		}
		if i > 0 {
			fmt.Printf("%.3f\n", time.Since(began).Seconds())
		}
	}
	return nil
}
