package merge

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scenario is batches in text form and the tree and trash that they make, in every order of arrival.
type scenario struct{ name, batches, want string }

func run(t *testing.T, cases []scenario) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bs := parse(t, c.batches)
			if d := cmp.Diff(lines(c.want), dump(foldAll(t, bs))); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
			anyOrder(t, bs)
		})
	}
}

// docs is a folder of two files, with a folder of one file in it.
const docs = `
	1 A: D = mkdir / docs
	2 A: f = create D f F
	3 A: g = create D g G
	4 A: S = mkdir D s
	5 A: h = create S h H
`

const deleteDocs = "20 B: delete D f@ g@ S h@\n"

func TestDeleteOfAFolderAgainst(t *testing.T) {
	all := "~ docs/ \n ~ docs/f F \n ~ docs/g G \n ~ docs/s/ \n ~ docs/s/h H"
	run(t, []scenario{
		{"nothing", docs + deleteDocs, all},
		{"a file moved out before", docs + deleteDocs + "10 A: move f@ / f", `
			f F
			~ docs/
			~ docs/g G
			~ docs/s/
			~ docs/s/h H`},
		{"a file moved out after", docs + deleteDocs + "30 A: move f@ / f", `
			f F
			~ docs/
			~ docs/g G
			~ docs/s/
			~ docs/s/h H`},
		{"a folder moved out before", docs + deleteDocs + "10 A: move S / s", `
			s/
			s/h H
			~ docs/
			~ docs/f F
			~ docs/g G`},
		{"a folder moved out after brings what went with it", docs + deleteDocs + "30 A: move S / s", `
			s/
			s/h H
			~ docs/
			~ docs/f F
			~ docs/g G`},
		{"its new name given before", docs + deleteDocs + "10 A: move D / papers", `
			papers/
			papers/f F
			papers/g G
			papers/s/
			papers/s/h H`},
		{"its new name given after", docs + deleteDocs + "30 A: move D / papers", `
			papers/
			papers/f F
			papers/g G
			papers/s/
			papers/s/h H`},
		{"a new file before", docs + deleteDocs + "10 A: n = create D n N", `
			docs/
			docs/n N
			~ docs/f F
			~ docs/g G
			~ docs/s/
			~ docs/s/h H`},
		{"a new file after", docs + deleteDocs + "30 A: n = create D n N", `
			docs/
			docs/n N
			~ docs/f F
			~ docs/g G
			~ docs/s/
			~ docs/s/h H`},
		{"a new folder deep inside after", docs + deleteDocs + "30 A: N = mkdir S n", `
			docs/
			docs/s/
			docs/s/n/
			~ docs/f F
			~ docs/g G
			~ docs/s/h H`},
		{"an edit before", docs + deleteDocs + "10 A: f2 = put f f F2", `
			docs/
			docs/f F2
			~ docs/g G
			~ docs/s/
			~ docs/s/h H`},
		{"an edit after", docs + deleteDocs + "30 A: f2 = put f f F2", `
			docs/
			docs/f F2
			~ docs/g G
			~ docs/s/
			~ docs/s/h H`},
		{"a file moved deeper into what goes", docs + deleteDocs + "10 A: move f@ S f", `
			docs/
			docs/s/
			docs/s/f F
			~ docs/g G
			~ docs/s/h H`},
		{"a stranger moved in before", docs + deleteDocs + "6 A: x = create / x X \n 10 A: move x@ S x", `
			docs/
			docs/s/
			docs/s/x X
			~ docs/f F
			~ docs/g G
			~ docs/s/h H`},
		{"a second delete of the same", docs + deleteDocs + "30 A: delete D f@ g@ S h@", all},
	})
}

func TestDeleteListsWhatItsWriterHad(t *testing.T) {
	run(t, []scenario{
		{"half of a folder", docs + "20 B: delete D f@ S h@", `
			docs/
			docs/g G
			~ docs/f F
			~ docs/s/
			~ docs/s/h H`},
		{"a folder without its files stays", docs + "20 B: delete D S", `
			docs/
			docs/f F
			docs/g G
			docs/s/
			docs/s/h H`},
		{"in any order of the list", docs + "20 B: delete h@ S D g@ f@", "~ docs/ \n ~ docs/f F \n ~ docs/g G \n ~ docs/s/ \n ~ docs/s/h H"},
		{"by several operations of one batch", docs + "20 B: delete h@ S; delete f@; delete D g@; restore D", `
			docs/
			docs/f F
			docs/g G
			docs/s/
			docs/s/h H`},
		{"a file by an older version stays", docs + "9 A: f2 = put f f F2 \n 20 B: delete f@", `
			docs/
			docs/f F2
			docs/g G
			docs/s/
			docs/s/h H`},
		{"a file placed there by a move that the writer saw", docs + "9 A: m = move f@ / f \n 20 B: delete f@:m", `
			docs/
			docs/g G
			docs/s/
			docs/s/h H
			~ f F`},
		{"unknown nodes and the root", docs + "20 B: delete / ?x ?x@?v f@g", `
			docs/
			docs/f F
			docs/s/
			docs/s/h H
			docs/g G`},
	})
}

func TestPut(t *testing.T) {
	file := "1 A: f = create / a.txt 0 \n"
	run(t, []scenario{
		{"on the current version advances the file", file + "2 B: v = put f f 1 \n 3 A: put f v 2", "a.txt 2"},
		{"a stale one is a copy; the first keeps the name", file + "5 A: put f f 1 \n 6 B: put f f 2", `
			a.txt 1
			a (cc B, 00.06).txt 2`},
		{"three at once", file + "5 A: put f f 1 \n 6 B: put f f 2 \n 7 C: put f f 3", `
			a.txt 1
			a (cc B, 00.06).txt 2
			a (cc C, 00.07).txt 3`},
		{"an edit of the copy stays with the copy", file + "5 A: put f f 1 \n 6 B: v = put f f 2 \n 8 B: put f v 3", `
			a.txt 1
			a (cc B, 00.06).txt 3`},
		{"a stale edit of the copy is a copy of the plain name", file + "5 A: put f f 1 \n 6 B: v = put f f 2 \n 8 B: put f v 3 \n 9 A: put v v 4", `
			a.txt 1
			a (cc B, 00.06).txt 3
			a (cc A, 00.09).txt 4`},
		{"two stale ones of one device in one minute", file + "5 A: put f f 1 \n 6 B: put f f 2; put f f 3", `
			a.txt 1
			a (cc B, 00.06).txt 2
			a (cc B, 00.06.00).txt 3`},
		{"a stale one of a deleted file is a copy, the file stays deleted", file + "5 A: v = put f f 1 \n 6 A: delete f@v \n 7 B: put f f 2", `
			~ a.txt 1
			a (cc B, 00.07).txt 2`},
		{"a stale one brings back the folders", docs + "6 A: v = put h h H1 \n 7 A: delete D f@ g@ S h@v \n 8 B: put h h H2", `
			~ docs/f F
			~ docs/g G
			docs/
			docs/s/
			~ docs/s/h H1
			docs/s/h (cc B, 00.08) H2`},
		{"the copy stands where the file is by now", file + "2 A: D = mkdir / d \n 5 A: v = put f f 1; move f@v D b.txt \n 6 B: put f f 2", `
			d/
			d/b.txt 1
			d/b (cc B, 00.06).txt 2`},
		{"the copy counts as placed when the file was", file + "2 A: D = mkdir / d \n 5 A: v = put f f 1 \n 6 B: w = put f f 2 \n 8 A: delete f@v w@w:f", `
			d/
			~ a.txt 1
			~ a (cc B, 00.06).txt 2`},
		{"of nothing known changes nothing", file + "2 B: put ?n ?v 1; put / ?v 1", "a.txt 0"},
	})
}

func TestEqualContent(t *testing.T) {
	file := "1 A: f = create / a 0 \n"
	run(t, []scenario{
		{"the same edit twice is one", file + "5 A: put f f 1 \n 6 B: put f f 1", "a 1"},
		{"and whoever made the second goes on from it", file + "5 A: put f f 1 \n 6 B: v = put f f 1 \n 7 B: put f v 2", "a 2"},
		{"a stale edit equal to one in between", file + "5 A: v = put f f 1 \n 6 A: put f v 2 \n 7 B: put f f 1", "a 2"},
		{"going on from one in between is stale", file + "5 A: v = put f f 1 \n 6 A: put f v 2 \n 7 B: w = put f f 1 \n 8 B: put f w 3", `
			a 2
			a (cc B, 00.08) 3`},
		{"a stale edit equal to another's copy", file + "5 A: put f f 1 \n 6 B: put f f 2 \n 7 C: put f f 2", `
			a 1
			a (cc B, 00.06) 2`},
		{"and whoever made it goes on in the copy", file + "5 A: put f f 1 \n 6 B: put f f 2 \n 7 C: v = put f f 2 \n 8 C: put f v 3", `
			a 1
			a (cc B, 00.06) 3`},
		{"an edit back to the base is no stale one", file + "5 A: v = put f f 1 \n 6 A: put f v 0", "a 0"},
		{"a stale edit equal to the base is a copy", file + "5 A: v = put f f 1 \n 6 B: put f f 0", `
			a 1
			a (cc B, 00.06) 0`},
		{"a stale equal edit brings nothing back", file + "5 A: v = put f f 1 \n 6 A: delete f@v \n 7 B: put f f 1", "~ a 1"},
		{"new files of one name and content are one", file + "2 B: g = create / A 0", "a 0"},
		{"a found file equal to an earlier version, under another spelling", file + "2 A: put f f 1 \n 3 B: found / A 0", `
			a 1
			A (cc B, 00.03) 0`},
		{"a found file equal to an earlier version, in a folder of another spelling", `
			1 A: D = mkdir / d; f = create D a 0
			2 A: put f f 1
			3 B: E = mkdir / D; found E a 0`, `
			d/
			d/a 1
			d/a (cc B, 00.03) 0`},
		{"a found file equal to an earlier version, in another folder of that name", `
			1 A: D = mkdir / d; f = create D a 0
			2 A: put f f 1
			3 B: E = mkdir / d; found E a 0`, `
			d/
			d/a 1`},
		{"a found file equal to what a conflict copy was before it was one", `
			1 A: f = create / a 0
			2 A: put f f 1
			3 B: w = put f f 2
			4 A: move f / b
			5 B: move f@w / a
			6 C: found / a 0`, `
			a 2
			a (cc C, 00.06) 0
			b 1`},
		{"a found file equal to an earlier version is the file", file + "2 A: put f f 1 \n 3 B: found / a 0", "a 1"},
		{"and its maker's edit is stale", file + "2 A: put f f 1 \n 3 B: g = found / a 0 \n 4 B: put g g 2", `
			a 1
			a (cc B, 00.04) 2`},
		{"a new file equal to an earlier version is another", file + "2 A: put f f 1 \n 3 B: create / a 0", `
			a 1
			a (cc B, 00.03) 0`},
		{"a moved file equal to an earlier version is another", file + "2 A: put f f 1 \n 3 B: g = create / b 0 \n 4 B: move g@ / a", `
			a 1
			a (cc B, 00.04) 0`},
		{"a moved file of the same content is the file", file + "3 B: g = create / b 0 \n 4 B: move g@ / a", "a 0"},
		{"operations on what became another act on that", file + `
			2 B: g = create / a 0
			3 B: D = mkdir / d; v = put g g 1; move g@v D b
			4 A: put f f 2`, `
			d/
			d/b 1
			d/b (cc A, 00.04) 2`},
		{"delete of what became another", file + "2 B: g = create / a 0 \n 3 B: delete g@:f", "~ a 0"},
		{"delete with the place that the writer gave it keeps the file", file + "2 B: g = create / a 0 \n 3 B: delete g@", "a 0"},
		{"a stale edit equal to one that named its base before there was one", `
			5 B: g = create / a x
			1 A: f = create / b 0
			2 A: put f f 1
			3 C: put f g 2
			4 A: k = create / a x
			6 A: put k k 3
			7 D: put k g 2`, `
			a 3
			b 1
			b (cc C, 00.03) 2`},
		{"chains of three", file + "2 B: g = create / a 0 \n 3 C: h = create / A 0 \n 4 C: put h h 1 \n 5 B: put g g 1", "a 1"},
	})
}

func TestVersionsAreWhatOperationsName(t *testing.T) {
	both := "1 A: f = create / a 0 \n 5 A: v = put f f 1 \n 6 B: w = put f f 2 \n"
	run(t, []scenario{
		{"edit and rename: the move names its put", both + "7 B: move f@w / b", "a 1 \n b 2"},
		{"edit and rename in one batch", "1 A: f = create / a 0 \n 5 A: put f f 1 \n 6 B: w = put f f 2; move f@w / b", "a 1 \n b 2"},
		{"a rename by the base renames the file", both + "7 B: move f@f / b", `
			b 1
			a (cc B, 00.06) 2`},
		{"delete of the copy by its version", both + "7 B: delete f@w", "a 1 \n ~ a (cc B, 00.06) 2"},
		{"rename and rename: the last", "1 A: f = create / a 0 \n 7 B: move f@ / b \n 8 A: move f@ / c", "c 0"},
		{"rename and edit", "1 A: f = create / a 0 \n 7 B: move f@ / b \n 8 A: put f f 1", "b 1"},
		{"a renamed copy is a copy no more", both + "7 A: move f@w / note \n 8 A: put f w 3 \n 9 B: put f w 4", `
			a 1
			note 3
			note (cc B, 00.09) 4`},
	})
}

func TestFoldersShowAsOne(t *testing.T) {
	two := `
		1 A: D1 = mkdir / docs
		2 A: x = create D1 x X
		3 B: D2 = mkdir / Docs
		4 B: y = create D2 y Y; x2 = create D2 X X2
	`
	run(t, []scenario{
		{"union", two, "docs/ \n docs/x X \n docs/y Y \n docs/X (cc B, 00.04) X2"},
		{"union of two made before their files", `
			1 A: D1 = mkdir / docs
			2 B: D2 = mkdir / DOCS
			3 A: create D1 a 1
			4 B: create D2 a 2`, "docs/ \n docs/a 1 \n docs/a (cc B, 00.04) 2"},
		{"below one another", `
			1 A: D1 = mkdir / d; S1 = mkdir D1 s; create S1 a 1
			2 B: D2 = mkdir / D; S2 = mkdir D2 S; create S2 b 2; create S2 A 3`, "d/ \n d/s/ \n d/s/a 1 \n d/s/b 2 \n d/s/A (cc B, 00.02) 3"},
		{"the mover saw one", two + "9 A: move D1 / papers", `
			Docs/
			Docs/y Y
			Docs/X (cc B, 00.04) X2
			papers/
			papers/x X`},
		{"the mover saw both", two + "9 A: move D1+D2 / papers", "papers/ \n papers/x X \n papers/y Y \n papers/X (cc B, 00.04) X2"},
		{"moved to two places", two + "9 A: move D1 / papers \n 10 B: move D2 / notes", `
			papers/
			papers/x X
			notes/
			notes/y Y
			notes/X (cc B, 00.04) X2`},
		{"both moved by both: the last", two + "9 A: move D1+D2 / papers \n 10 B: move D1+D2 / notes", "notes/ \n notes/x X \n notes/y Y \n notes/X (cc B, 00.04) X2"},
		{"the deleter saw one", two + "9 A: delete D1 x@", `
			Docs/
			Docs/y Y
			Docs/X (cc B, 00.04) X2
			~ docs/x X
			~ docs/`},
		{"a member moved under another and back", two + "9 A: move D2 D1 Docs \n 10 B: move D2 / Docs", `
			docs/
			docs/x X
			docs/y Y
			docs/X (cc B, 00.04) X2`},
		{"renamed into a union by a move", docs + "9 B: P = mkdir / papers; create P F 1 \n 10 B: move D / PAPERS", `
			papers/
			papers/F 1
			papers/f (cc B, 00.10) F
			papers/g G
			papers/s/
			papers/s/h H`},
		{"case only", docs + "9 B: move D / Docs; move f@ D F; move S D S", "Docs/ \n Docs/F F \n Docs/g G \n Docs/S/ \n Docs/S/h H"},
		{"the earliest placed gives the name", two + "9 A: move D1 / DOCS", "Docs/ \n Docs/x X \n Docs/y Y \n Docs/X (cc B, 00.04) X2"},
	})
}

func TestCycles(t *testing.T) {
	run(t, []scenario{
		{"into each other: the second does nothing", "1 A: D = mkdir / d; E = mkdir / e \n 2 A: move D E d \n 3 B: move E D e", "e/ \n e/d/"},
		{"into itself", "1 A: D = mkdir / d \n 2 A: move D D d", "d/"},
		{"of members of unions", `
			1 A: D1 = mkdir / docs; D2 = mkdir / docs; s1 = mkdir D1 s1; s2 = mkdir D2 s2
			9 A: move D1 s2 docs
			10 B: move D2 s1 docs`, "docs/ \n docs/s2/ \n docs/s2/docs/ \n docs/s2/docs/s1/"},
		{"of the root", "1 A: D = mkdir / d \n 2 A: move / D d", "d/"},
		{"a union into a folder in one of its members: that one stays", `
			1 A: D1 = mkdir / d; D2 = mkdir / d; S = mkdir D1 s; create D2 x X
			2 A: move D1+D2 S d`, "d/ \n d/s/ \n d/s/d/ \n d/s/d/x X"},
		{"deep", "1 A: D = mkdir / d; E = mkdir D e; F = mkdir E f \n 2 A: move D F x \n 3 A: move E / e \n 4 B: move D F d", "e/ \n e/f/ \n e/f/d/"},
	})
}

func TestRestore(t *testing.T) {
	file := "1 A: f = create / a.txt 0 \n 2 A: delete f@ \n"
	run(t, []scenario{
		{"a file", file + "3 B: restore f@", "a.txt 0"},
		{"a file that is not deleted", "1 A: f = create / a 0 \n 2 B: restore f@ \n 3 A: delete f@", "~ a 0"},
		{"onto a taken name", file + "3 B: create / a.txt 1 \n 4 A: restore f@", `
			a.txt 1
			a (restored, A, 00.04).txt 0`},
		{"onto a name taken by the same content", file + "3 B: create / a.txt 0 \n 4 A: restore f@", "a.txt 0"},
		{"onto the name of a folder", file + "3 B: mkdir / A.TXT \n 4 A: restore f@", `
			A.TXT/
			a (restored, A, 00.04).txt 0`},
		{"a folder with what went with it", docs + deleteDocs + "30 A: restore D", `
			docs/
			docs/f F
			docs/g G
			docs/s/
			docs/s/h H`},
		{"a folder without what went before", docs + "9 A: delete f@ \n 20 B: delete D g@ S h@ \n 30 A: restore D", `
			docs/
			~ docs/f F
			docs/g G
			docs/s/
			docs/s/h H`},
		{"a file below brings its folders", docs + deleteDocs + "30 A: restore h@", `
			docs/
			~ docs/f F
			~ docs/g G
			docs/s/
			docs/s/h H`},
		{"a folder onto a folder shows as one", docs + deleteDocs + "25 B: E = mkdir / Docs; create E F 1 \n 30 A: restore D", `
			docs/
			docs/F 1
			docs/f (restored, A, 00.30) F
			docs/g G
			docs/s/
			docs/s/h H`},
		{"an edit onto a taken name is a conflict, not a restore", file + "3 B: create / a.txt 1 \n 4 A: put f f 2", `
			a.txt 1
			a (cc A, 00.04).txt 2`},
		{"a move of what is deleted onto a taken name is a conflict", file + "3 B: create / b.txt 1 \n 4 A: move f@ / b.txt", `
			b.txt 1
			b (cc A, 00.04).txt 0`},
		{"purge", file + "3 A: purge f@", "~~ a.txt 0"},
		{"purge, then restore", file + "3 A: purge f@ \n 4 B: restore f@", "a.txt 0"},
		{"purge, then edit", file + "3 A: purge f@ \n 4 B: put f f 1", "a.txt 1"},
		{"purge, then deleted again, is not purged", file + "3 A: purge f@ \n 4 B: v = put f f 1 \n 5 B: delete f@v", "~ a.txt 1"},
		{"purge of what lives", "1 A: f = create / a 0 \n 2 A: purge f@", "a 0"},
		{"purge by an older version", "1 A: f = create / a 0 \n 2 A: v = put f f 1 \n 3 A: delete f@v \n 4 B: purge f@f", "~ a 1"},
		{"purge of a folder", docs + deleteDocs + "30 A: purge D; purge f@", "~~ docs/ \n ~~ docs/f F \n ~ docs/g G \n ~ docs/s/ \n ~ docs/s/h H"},
	})
}

func TestClonedDevice(t *testing.T) {
	run(t, []scenario{
		{"both runs count", "1 A1: f = create / a 0 \n 5 A1: put f f 1 \n 5 A2: put f f 2", "a 1 \n a (cc A, 00.05) 2"},
		{"at one time", "1 A1: f = create / a 0 \n 1 A2: g = create / a 1", "a 0 \n a (cc A, 00.01) 1"},
	})
}

func TestParents(t *testing.T) {
	run(t, []scenario{
		{"an unknown folder is the root", "1 A: create ?d a 0; mkdir ?d d", "a 0 \n d/"},
		{"a file is no folder", "1 A: f = create / a 0; create f b 1; move f@ f c", "c 0 \n b 1"},
		{"a deleted folder comes back", "1 A: D = mkdir / d \n 2 A: delete D \n 3 B: create D a 0", "d/ \n d/a 0"},
		{"a file moved into a deleted folder brings it back", "1 A: D = mkdir / d; f = create / a 0 \n 2 A: delete D \n 3 B: move f@ D a", "d/ \n d/a 0"},
		{"a cycle brings nothing back", "1 A: D = mkdir / d; E = mkdir D e \n 2 A: delete D E \n 3 B: move D E d", "~ d/ \n ~ d/e/"},
	})
}
