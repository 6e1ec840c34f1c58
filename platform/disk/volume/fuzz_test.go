package volume

import "testing"

func FuzzPlist(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><plist version="1.0"><dict><key>VolumeUUID</key><string>A</string><key>Internal</key><true/><key>L</key><array><dict/></array></dict></plist>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><plist><dict><string>&c;</string></dict></plist>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		facts, err := parsePlist(data)
		size := 0
		for k, v := range facts {
			size += len(k) + len(v)
		}
		if size > 4*len(data) || err != nil && facts != nil {
			t.Fatalf("%d bytes became %d, %v", len(data), size, err)
		}
	})
}
