package merge

import "testing"

const abc = "1 A: a = create / a A; b = create / b B; c = create / c C \n"

func TestOneBatchIsOneAct(t *testing.T) {
	run(t, []scenario{
		{"swap", abc + "2 A: move a@ / b; move b@ / a", "a B \n b A \n c C"},
		{"swap by a third name", abc + "2 A: move a@ / x; move b@ / a; move a@ / b", "a B \n b A \n c C"},
		{"ring of three", abc + "2 A: move a@ / b; move b@ / c; move c@ / a", "a C \n b A \n c B"},
		{"chain", abc + "2 A: move a@ / b; move b@ / d", "b A \n c C \n d B"},
		{"chain, last first", abc + "2 A: move b@ / d; move a@ / b", "b A \n c C \n d B"},
		{"renamed over a deleted one", abc + "2 A: move a@ / b; delete b@", "b A \n c C \n ~ b B"},
		{"renamed over a deleted one, deleted first", abc + "2 A: delete b@; move a@ / b", "b A \n c C \n ~ b B"},
		{"made over a deleted one", abc + "2 A: x = create / b X; delete b@", "a A \n b X \n c C \n ~ b B"},
		{"made of the same content over a deleted one", abc + "2 A: x = create / b B; delete b@", "a A \n b B \n c C \n ~ b B"},
		{"made where one moved away, and an edit", abc + "2 A: x = create / a X; v = put a a A2; move a@v / d", "a X \n b B \n c C \n d A2"},
		{"a folder where a file went", abc + "2 A: D = mkdir / a; move a@ D a", "a/ \n a/a A \n b B \n c C"},
		{"a file where a folder went", "1 A: D = mkdir / d \n 2 A: create / d F; delete D", "d F \n ~ d/"},
		{"folders swap names", `
			1 A: D = mkdir / d; create D x 1; E = mkdir / e; create E x 2
			2 A: move D / e; move E / d`, "d/ \n d/x 2 \n e/ \n e/x 1"},
		{"a folder swaps with its child", `
			1 A: D = mkdir / d; x = create D x 1; E = mkdir D e; create E x 2
			2 A: move E / t; move D E e; move E / d`, "d/ \n d/x 2 \n d/e/ \n d/e/x 1"},
		{"a file swaps with a folder", "1 A: D = mkdir / d; f = create / f F; create D x X \n 2 A: move D / f; move f@ / d", "d F \n f/ \n f/x X"},
		{"deleted and restored in one batch", abc + "2 A: delete a@; restore a@", "a A \n b B \n c C"},
		{"deleted, its name taken, restored: who was there keeps it", abc + "2 A: delete a@; create / a X; restore a@", "a A \n a (cc A, 00.02) X \n b B \n c C"},
		{"moved there and back", abc + "2 A: move a@ / b; move a@ / a", "a A \n b B \n c C"},
		{"twice to one name: the older node", "1 A: a = create / a A; b = create / b B \n 2 A: move b@ / c; move a@ / c", "c A \n c (cc A, 00.02) B"},
		{"but another's batch in between is a collision", abc + "2 A: move a@ / b \n 3 B: move b@ / a", "b (cc A, 00.02) A \n a B \n c C"},
	})
}

func TestCollisions(t *testing.T) {
	run(t, []scenario{
		{"new files: the first keeps the name", "1 A: create / n.txt 1 \n 2 B: create / N.TXT 2", "n.txt 1 \n N (cc B, 00.02).TXT 2"},
		{"composed and decomposed", "1 A: create / \u00e5 1 \n 2 B: create / a\u030a 2", "\u00e5 1 \n \u00e5 (cc B, 00.02) 2"},
		{"a third new file in the same minute", "1 A: create / n 1 \n 2 B: create / n 2; create / N 3", "n 1 \n n (cc B, 00.02) 2 \n N (cc B, 00.02.00) 3"},
		{"a file onto a folder", "1 A: mkdir / n \n 2 B: create / N 2", "n/ \n N (cc B, 00.02) 2"},
		{"a folder onto a file", "1 A: create / n 1 \n 2 B: mkdir / N", "N/ \n n (cc B, 00.02) 1"},
		{"a folder moved onto a file", "1 A: create / n 1; D = mkdir / d; create D x X \n 2 B: move D / n", "n/ \n n/x X \n n (cc B, 00.02) 1"},
		{"a folder and its file come onto a file and a folder", `
			1 A: D = mkdir / d; create D x 1; E = mkdir / e; X = mkdir E x; create X y 2
			2 B: move E / D`, "d/ \n d/x/ \n d/x/y 2 \n d/x (cc B, 00.02) 1"},
		{"a file keeps its suffix when the folder goes", "1 A: create / n 1 \n 2 B: N = mkdir / n \n 3 B: delete N", "n (cc B, 00.02) 1 \n ~ n/"},
		{"a folder comes back onto a file", "1 A: D = mkdir / n \n 2 A: delete D \n 3 A: create / n 1 \n 4 B: create D x X", "n/ \n n/x X \n n (cc B, 00.04) 1"},
		{"the copy's name is taken too", "1 A: create / n 1; create / n_(conflicted_copy,_B,_1970-01-01_00.02) 0 \n 2 B: create / n 2", `
			n 1
			n (cc B, 00.02) 0
			n (cc B, 00.02.00) 2`},
		{"the copy's name is wanted by another of the batch", "1 A: create / n 1 \n 2 B: create / n 2; create / n_(conflicted_copy,_B,_1970-01-01_00.02) 0", `
			n 1
			n (cc B, 00.02) 0
			n (cc B, 00.02.00) 2`},
		{"all names are taken", `
			1 A: create / n 1
			2 B: create / n 2; create / n 3; create / n 4; create / n 5; create / n 6`, `
			n 1
			n (cc B, 00.02) 2
			n (cc B, 00.02.00) 3
			n (cc B, 00.02.00 00000001) 4
			n (cc B, 00.02.00 00000001-4-0) 5
			n (cc B, 00.02.00 00000001-5-0) 6`},
		{"a moved copy is still a copy with one suffix", "1 A: create / n.txt 1; D = mkdir / d \n 2 B: f = create / n.txt 2; create D n_(conflicted_copy,_B,_1970-01-01_00.02).txt 3 \n 5 C: move f@ D n_(conflicted_copy,_B,_1970-01-01_00.02).txt", `
			n.txt 1
			d/
			d/n (cc B, 00.02).txt 3
			d/n (cc C, 00.05).txt 2`},
		{"a name that somebody gave may look like a copy's", "1 A: create / n_(conflicted_copy,_B,_1970-01-01_00.02) 1 \n 2 B: create / n_(conflicted_copy,_B,_1970-01-01_00.02) 2", `
			n (cc B, 00.02) 1
			n (cc B, 00.02) (cc B, 00.02) 2`},
		{"one suffix only", "1 A: create / n 1 \n 2 B: f = create / n 2; D = mkdir / d; create D n_(conflicted_copy,_B,_1970-01-01_00.02) 3 \n 5 C: move f@ D n_(conflicted_copy,_B,_1970-01-01_00.02)", `
			n 1
			d/
			d/n (cc B, 00.02) 3
			d/n (cc C, 00.05) 2`},
		{"a copy that collides again keeps the plain name before its suffix", `
			1 A: D = mkdir / d; n = create D n 1
			2 B: create D n 2
			3 C: E = mkdir / e; create E n_(conflicted_copy,_B,_1970-01-01_00.02) 3
			4 C: move D / e`, `
			e/
			e/n 1
			e/n (cc B, 00.02) 3
			e/n (cc C, 00.04) 2`},
		{"the moved file yields to the one that is there", abc + "2 B: move a@ / B", "b B \n B (cc B, 00.02) A \n c C"},
		{"two new in one batch where nobody was", "1 A: create / n 1; create / N 2", "n 1 \n N (cc A, 00.01) 2"},
		{"settled once: the winner goes, the copy stays a copy", "1 A: f = create / n 1 \n 2 B: create / n 2 \n 3 A: delete f@", "~ n 1 \n n (cc B, 00.02) 2"},
	})
}
