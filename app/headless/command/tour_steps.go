package command

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// connect makes both computers, on one cloud.
func (g *guide) connect(ctx context.Context) error {
	cloud := g.in("cloud")
	for _, x := range []struct {
		p    *player
		name string
	}{{&g.anna, "Anna's PC"}, {&g.bo, "Bo's laptop"}} {
		client, err := g.s.Open(ctx, g.in(x.name+" (state)"), g.quiet())
		if err != nil {
			return err
		}
		*x.p = player{name: x.name, client: client, synced: g.in(x.name, "Elkjop")}
		if _, err := client.ConnectFolder(ctx, cloud); err != nil {
			return err
		}
		if err := client.SetDeviceName(ctx, x.name); err != nil {
			return err
		}
	}
	devices, err := g.bo.client.Devices(ctx)
	if err != nil {
		return err
	}
	if len(devices) != 2 {
		return notAsSaid("%d computers are known instead of 2", len(devices))
	}
	g.tell("The cloud is the folder %s", cloud)
	g.tell("%s and %s use it, and know each other.", g.anna.name, g.bo.name)
	return nil
}

func (g *guide) documents() string { return g.in(g.anna.name, "Documents") }

var documents = map[string]string{
	"letter.txt":      "Dear Bo,\nthis is the first version.\n",
	"taxes/2025.csv":  "month;sum\n1;1200\n2;900\n",
	"recipes/pie.txt": "Apples, sugar, butter, flour.\n",
}

func (g *guide) backUp(ctx context.Context) error {
	for name, text := range documents {
		if err := write(filepath.Join(g.documents(), filepath.FromSlash(name)), []byte(text)); err != nil {
			return err
		}
	}
	photo := noise(3 << 20)
	if err := write(filepath.Join(g.documents(), "photo.raw"), photo); err != nil {
		return err
	}
	if _, err := g.anna.client.AddBackup(ctx, g.documents(), "Documents", nil); err != nil {
		return err
	}
	if err := cycle(ctx, g.anna); err != nil {
		return err
	}
	all, err := g.anna.client.Backups(ctx)
	if err != nil {
		return err
	}
	if len(all) != 1 || all[0].Files != len(documents)+1 {
		return notAsSaid("the backup is not whole: %+v", all)
	}
	g.tell("Documents is in the cloud: %s, %s.", files(all[0].Files), size(all[0].Bytes))
	return nil
}

func (g *guide) changeBackup(ctx context.Context) error {
	letter := filepath.Join(g.documents(), "letter.txt")
	if err := write(letter, []byte("Dear Bo,\nthis is the second version, and it is longer.\n")); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(g.documents(), "taxes", "2025.csv")); err != nil {
		return err
	}
	if err := cycle(ctx, g.anna); err != nil {
		return err
	}
	versions, err := g.anna.client.Versions(ctx, letter)
	if err != nil {
		return err
	}
	if len(versions) != 2 || !versions[0].Current || versions[1].Size != int64(len(documents["letter.txt"])) {
		return notAsSaid("letter.txt should have 2 versions: %+v", versions)
	}
	g.tell("letter.txt has %d versions now.", len(versions))
	trash, err := g.anna.client.Trash(ctx, "backup", "2025.csv")
	if err != nil {
		return err
	}
	if len(trash) != 1 {
		return notAsSaid("the deleted file should be in the Trash once, not %d times", len(trash))
	}
	g.tell("taxes/2025.csv is in the Trash until %s.", trash[0].ExpiresAt.Local().Format("2 January 2006"))
	return nil
}

// restoreBackup takes the first versions back: the letter as a version, the deleted file from the trash, both to folders beside.
func (g *guide) restoreBackup(ctx context.Context) error {
	versions, err := g.anna.client.Versions(ctx, filepath.Join(g.documents(), "letter.txt"))
	if err != nil {
		return err
	}
	old := g.in(g.anna.name, "letter, first version.txt")
	if err := g.anna.client.RestoreVersion(ctx, filepath.Join(g.documents(), "letter.txt"), versions[1].ID, old); err != nil {
		return err
	}
	if err := holds(old, []byte(documents["letter.txt"])); err != nil {
		return err
	}
	trash, err := g.anna.client.Trash(ctx, "backup", "2025.csv")
	if err != nil {
		return err
	}
	if _, err := g.anna.client.TrashRestore(ctx, []string{trash[0].ID}, ""); err != nil {
		return err
	}
	if err := cycle(ctx, g.anna); err != nil {
		return err
	}
	to := g.in(g.bo.name, "Anna's documents")
	r, err := g.bo.client.RestoreBackup(ctx, g.anna.name+"/Documents", to, time.Time{}, nil)
	if err != nil {
		return err
	}
	if r.Files != len(documents)+1 || len(r.Problems) > 0 {
		return notAsSaid("not everything came back: %+v", r)
	}
	g.tell("%s got back %s, from the cloud, to %s", g.bo.name, files(r.Files), r.To)
	return g.compareRestored(r.To)
}

func (g *guide) compareRestored(to string) error {
	for name, want := range map[string][]byte{
		"photo.raw": noise(3 << 20), "taxes/2025.csv": []byte(documents["taxes/2025.csv"]), "recipes/pie.txt": []byte(documents["recipes/pie.txt"]),
	} {
		if err := found(to, name, want); err != nil {
			return err
		}
	}
	g.tell("Every file has its bytes; the deleted one came back from the Trash, the letter's first version lies beside.")
	return nil
}

func (g *guide) sync(ctx context.Context) error {
	for _, p := range []player{g.anna, g.bo} {
		if err := p.client.SetSynced(ctx, p.synced); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{"plan.txt": "Monday: begin.\n", "Ferie/Århus.txt": "Book the ferry.\n", "Ferie/list.txt": "Tent, boots.\n"} {
		if err := write(filepath.Join(g.anna.synced, filepath.FromSlash(name)), []byte(text)); err != nil {
			return err
		}
	}
	if err := cycle(ctx, g.anna, g.bo); err != nil {
		return err
	}
	g.tell("%s put 3 files into the Synced folder, and %s has them.", g.anna.name, g.bo.name)
	return g.equal(3)
}

func (g *guide) edit(ctx context.Context) error {
	text := []byte("Monday: begin.\nTuesday: go on.\n")
	if err := write(filepath.Join(g.bo.synced, "plan.txt"), text); err != nil {
		return err
	}
	if err := cycle(ctx, g.bo, g.anna); err != nil {
		return err
	}
	if err := holds(filepath.Join(g.anna.synced, "plan.txt"), text); err != nil {
		return err
	}
	g.tell("%s changed plan.txt, and %s has the change.", g.bo.name, g.anna.name)
	return g.equal(3)
}

func (g *guide) trash(ctx context.Context) error {
	if err := os.Remove(filepath.Join(g.anna.synced, "Ferie", "list.txt")); err != nil {
		return err
	}
	if err := cycle(ctx, g.anna, g.bo); err != nil {
		return err
	}
	if err := g.equal(2); err != nil {
		return err
	}
	g.tell("%s deleted Ferie/list.txt: it is gone from both computers.", g.anna.name)
	trash, err := g.bo.client.Trash(ctx, "synced", "list.txt")
	if err != nil {
		return err
	}
	if len(trash) != 1 || trash[0].DeletedBy != g.anna.name {
		return notAsSaid("the Trash should say that %s deleted one file: %+v", g.anna.name, trash)
	}
	if _, err := g.bo.client.TrashRestore(ctx, []string{trash[0].ID}, ""); err != nil {
		return err
	}
	if err := cycle(ctx, g.bo, g.anna); err != nil {
		return err
	}
	g.tell("%s put it back from the Trash: it is on both again.", g.bo.name)
	if err := holds(filepath.Join(g.anna.synced, "Ferie", "list.txt"), []byte("Tent, boots.\n")); err != nil {
		return err
	}
	return g.equal(3)
}

func (g *guide) conflict(ctx context.Context) error {
	anna, bo := []byte("Anna's plan.\n"), []byte("Bo's plan, which is another one.\n")
	if err := write(filepath.Join(g.anna.synced, "plan.txt"), anna); err != nil {
		return err
	}
	if err := write(filepath.Join(g.bo.synced, "plan.txt"), bo); err != nil {
		return err
	}
	if err := cycle(ctx, g.anna, g.bo, g.anna, g.bo); err != nil {
		return err
	}
	if err := g.equal(4); err != nil {
		return err
	}
	for _, p := range []player{g.anna, g.bo} {
		for _, text := range [][]byte{anna, bo} {
			if err := somewhere(p.synced, text); err != nil {
				return err
			}
		}
	}
	conflicts, err := g.anna.client.Conflicts(ctx)
	if err != nil {
		return err
	}
	if len(conflicts) != 1 {
		return notAsSaid("one conflict should be listed, not %d", len(conflicts))
	}
	g.tell("Both changed plan.txt before they met. Both texts are on both computers: plan.txt and %s", filepath.Base(conflicts[0].Path))
	return nil
}

func (g *guide) archive(ctx context.Context) error {
	folder, film := g.in(g.anna.name, "Summer 2019"), noise(2<<20)
	if err := write(filepath.Join(folder, "film.raw"), film); err != nil {
		return err
	}
	if err := write(filepath.Join(folder, "notes.txt"), []byte("The ferry was late.\n")); err != nil {
		return err
	}
	r, err := g.anna.client.ArchiveAdd(ctx, []string{folder}, false, nil)
	if err != nil {
		return err
	}
	if r.Files != 2 || r.Verified != 2 || len(r.Problems) > 0 {
		return notAsSaid("the folder is not in the Archive as a whole: %+v", r)
	}
	g.tell("Summer 2019 is in the Archive: %s, read back and compared.", files(r.Verified))
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	to := g.in(g.bo.name, "From the Archive")
	if _, err := g.bo.client.ArchiveGet(ctx, r.Paths[0], to, nil); err != nil {
		return err
	}
	g.tell("%s deleted her folder; %s gets it from the Archive, with the same bytes.", g.anna.name, g.bo.name)
	return found(to, "film.raw", film)
}

func (g *guide) check(ctx context.Context) error {
	r, err := g.anna.client.Check(ctx, true, nil)
	if err != nil {
		return err
	}
	if r.Missing+r.Damaged+len(r.Problems) > 0 || r.Objects == 0 {
		return notAsSaid("the cloud is not whole: %+v", r)
	}
	g.tell("%s, %s: all of it is there, and its bytes are right.", count(r.Objects, "copy", "copies"), size(r.Bytes))
	return nil
}

// equal wants both Synced folders to hold the same, and n files.
func (g *guide) equal(n int) error {
	a, err := contents(g.anna.synced)
	if err != nil {
		return err
	}
	b, err := contents(g.bo.synced)
	if err != nil {
		return err
	}
	if len(a) != n || len(a) != len(b) {
		return notAsSaid("the folders should hold %d files, they hold %d and %d", n, len(a), len(b))
	}
	for name, x := range a {
		if !bytes.Equal(x, b[name]) {
			return notAsSaid("%s is not the same on both computers", name)
		}
	}
	return nil
}

// contents reads all files below a folder, but our own markers.
func contents(dir string) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if own := strings.HasPrefix(d.Name(), ".elkjop"); own && d.IsDir() {
			return fs.SkipDir
		} else if own || d.IsDir() {
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		all[filepath.ToSlash(rel)], err = os.ReadFile(path)
		return err
	})
	return all, err
}

// holds wants a file to have these bytes.
func holds(path string, want []byte) error {
	got, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return notAsSaid("%s does not have the bytes that it should have", path)
	}
	return nil
}

// found wants a file of this name, in the folder or in one below it, to have these bytes.
func found(dir, name string, want []byte) error {
	all, err := contents(dir)
	if err != nil {
		return err
	}
	for path, got := range all {
		if (path == name || strings.HasSuffix(path, "/"+name)) && bytes.Equal(got, want) {
			return nil
		}
	}
	return notAsSaid("%s is not in %s with the bytes that it should have", name, dir)
}

// somewhere wants some file in a folder to have these bytes.
func somewhere(dir string, want []byte) error {
	all, err := contents(dir)
	if err != nil {
		return err
	}
	for _, got := range all {
		if bytes.Equal(got, want) {
			return nil
		}
	}
	return notAsSaid("no file in %s has the text %q", dir, want)
}

func write(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make a folder of the tour: %w", err)
	}
	return os.WriteFile(path, content, 0o600)
}

// noise is n bytes that are always the same and that nothing can make smaller.
func noise(n int) []byte {
	r := rand.NewChaCha8([32]byte([]byte("elkjop tour, always the same one")))
	out := make([]byte, n)
	_, _ = r.Read(out)
	return out
}
