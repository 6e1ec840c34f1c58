# The items of packaging/prove: one function each, item_NAME, which prints its lines by pass, fail and check. Sourced by it, not run.
# shellcheck shell=bash disable=SC2154,SC2015 # its variables are set there; in A && pass || fail, pass never fails

# A large tree goes up from A and down to B; then there is nothing to do.
tree() {
	local kind=$1 t0 t1 t2 before
	room "$item"
	two "$kind" || { fail "connect"; return; }
	cp -a "$source/." a/
	[ "$kind" != s3 ] || mark
	t0=$(clock)
	on A once || fail "once on A"
	t1=$(clock)
	[ "$kind" != s3 ] || { settle; say "up: $(by_kind)"; up=$(since | wc -l); mark; }
	on B once || fail "once on B"
	t2=$(clock)
	[ "$kind" != s3 ] || { settle; say "down: $(by_kind)"; down=$(since | wc -l); }
	local figures
	figures="$(count "$source") files, $(du -sh --apparent-size "$source" | cut -f1); up $(seconds "$t0" "$t1"), down $(seconds "$t1" "$t2")"
	[ "$kind" != s3 ] || figures="$figures; requests up $up, down $down"
	if [ "$(count b)" -gt 10000 ] && same "$source" b >>"$work/log" && same "$source" a >>"$work/log"; then
		pass "byte for byte: $figures"
	else
		fail "B differs, $(count b) files: $figures"
	fi
	idle "$kind"
}

# idle: one more once on each writes nothing.
idle() {
	local kind=$1 t0 t1 before n
	[ "$kind" = s3 ] && mark || before=$(look cloud)
	t0=$(clock)
	on A once && on B once || fail "once again"
	t1=$(clock)
	if [ "$kind" = s3 ]; then
		settle
		n=$(requests "$writes")
		say "idle: $(by_kind)"
		[ "$n" = 0 ] && pass "once again on both: no PUT, no DELETE, $(since | wc -l) requests, $(seconds "$t0" "$t1")" ||
			fail "once again on both: $n writes: $(since | grep -E "$writes" | head -n 3 | paste -sd';')"
	elif [ "$before" = "$(look cloud)" ]; then
		pass "once again on both: no file of the storage touched, $(seconds "$t0" "$t1")"
	else
		fail "once again on both touched $(diff <(echo "$before") <(look cloud) | grep '^>' | cut -d' ' -f2 | head -n 3 | paste -sd' ')"
	fi
}

item_tree_s3() { tree s3; }
item_tree_folder() { tree folder; }

stop_run() {
	local pid
	for pid in "${running[@]}"; do kill -INT "$pid" 2>/dev/null; done
	for pid in "${running[@]}"; do wait "$pid" 2>/dev/null; done
	running=()
}

start_run() {
	local home
	for home in A B; do
		"$elkjop" --home "$here/$home" run >>"$here/$home.out" 2>&1 &
		running+=($!)
	done
	wait_for 120 safe A && wait_for 120 safe B
}

# Both run: what is saved in A is soon in B.
item_run() {
	local i t0 times=() slow=0
	room "$item"
	two s3 || { fail "connect"; return; }
	mkdir a/album
	for ((i = 0; i < 5000; i++)); do echo "picture $i" >"a/album/$i.txt"; done
	mkdir -p a/docs/sub
	for i in 1 2 3; do echo "$i" >"a/docs/sub/$i"; done
	on A once && on B once || fail "once"
	start_run || { fail "run does not become safe"; stop_run; return; }
	for i in {1..20}; do
		head -c 20000 /dev/urandom >new
		t0=$(clock)
		cp new "a/saved $i"
		wait_for 30 cmp -s new "b/saved $i" || slow=$((slow + 1))
		times+=($(($(clock) - t0)))
		sleep 0.$((RANDOM % 9 + 1))
	done
	local median max
	read -r median max < <(printf '%s\n' "${times[@]}" | sort -n | awk '{ t[NR] = $1 } END { print t[int((NR + 1) / 2)], t[NR] }')
	[ $slow = 0 ] && [ "$median" -le 2000 ] && pass "20 files saved in A are in B: median $median ms, longest $max ms" ||
		fail "20 files saved in A: median $median ms, longest $max ms, $slow did not come in 30 s"
	timed "a deletion in A is done in B" rm "a/saved 1" -- missing "b/saved 1"
	timed "a renamed folder of 3 files is renamed in B" mv a/docs a/papers -- same a/papers b/papers
	check "the old name is gone in B" wait_for 10 missing b/docs
	mark
	timed "a folder of 5 000 files renamed in A is renamed in B" mv a/album a/photos -- same a/photos b/photos
	wait_for 30 missing b/album
	wait_for 30 safe A && wait_for 30 safe B
	settle
	say "rename: $(by_kind)"
	i=$(content_requests)
	[ "$i" = 0 ] && pass "that rename moved no content; requests: $(by_kind)" || fail "that rename needed $i requests for content"
	stop_run
	check "both are alike at the end" same a b
}

# The server says nothing for minutes, while connections to it stand: nobody may believe that everything is safe, and all goes on by itself.
item_silence() {
	local for=${ELKJOP_PROVE_SILENCE:-180} until t0 lies=0 asked=0
	room "$item"
	[ -n "$server_pid" ] || { skip "this server cannot be stopped"; return; }
	two s3 || { fail "connect"; return; }
	echo before >a/before
	on A once && on B once || fail "once"
	start_run || { fail "run does not become safe"; stop_run; return; }
	head -c 100000000 /dev/urandom >a/large
	sleep 0.5
	kill -STOP "$server_pid"
	echo during >a/during
	echo "there, too" >b/there
	sleep 3
	until=$(($(clock) + for * 1000))
	while [ "$(clock)" -lt $until ]; do
		asked=$((asked + 2))
		safe A && lies=$((lies + 1))
		safe B && lies=$((lies + 1))
		sleep 2
	done
	kill -CONT "$server_pid"
	t0=$(clock)
	[ $lies = 0 ] && pass "silent for $for s: asked $asked times, never \"safe\"" || fail "silent for $for s: \"safe\" $lies of $asked times"
	wait_for 60 cmp -s a/during b/during && wait_for 60 cmp -s a/there b/there
	check "files saved meanwhile are on the other side $(seconds "$t0" "$(clock)") after its first word" [ $(($(clock) - t0)) -le 15000 ]
	wait_for 60 cmp -s a/large b/large
	wait_for 60 safe A && wait_for 60 safe B && pass "all is safe $(seconds "$t0" "$(clock)") after it" || fail "not safe a minute after it"
	stop_run
	check "both are alike at the end" same a b
}

# timed WHAT ACT... -- COMMAND...: how long after the act the command comes out well, at most two minutes.
timed() {
	local what=$1 act=() t0
	shift
	while [ "$1" != -- ]; do act+=("$1"); shift; done
	shift
	"${act[@]}"
	t0=$(clock)
	if wait_for 120 "$@"; then pass "$what: $(seconds "$t0" "$(clock)")"; else fail "$what: not in 120 s"; fi
}

# Both edit one file while they know nothing of each other.
item_conflict() {
	local x copies
	room "$item"
	two s3 || { fail "connect"; return; }
	echo first >"a/Budget.txt"
	on A once && on B once || fail "once"
	echo "what Anna wrote" >"a/Budget.txt"
	echo "what Bo wrote" >"b/Budget.txt"
	for x in A B A B; do on $x once || fail "once on $x"; done
	copies=$(find b -name 'Budget (conflicted copy, Bo, ????-??-?? ??.??).txt' -printf '%f\n')
	if same a b >>"$work/log" && [ "$(count a)" = 2 ] && [ "$(cat a/Budget.txt)" = "what Anna wrote" ] &&
		[ "$(cat "a/$copies" 2>/dev/null)" = "what Bo wrote" ]; then
		pass "both texts are on both: Budget.txt, $copies"
	else
		fail "$(ls a) | $(ls b)"
	fi
}

# id_of PATH reads the id of the Trash entry of that path from standard input.
id_of() { tr -d '\n' | grep -oE '\{[^{}]*\}' | grep -F -- "\"path\": \"$1\"" | grep -oE '"id": *"[^"]*"' | head -n 1 | cut -d'"' -f4; }

# A backup: Trash, versions, and as it was.
item_backup() {
	local before id n
	room "$item"
	mkdir -p docs/taxes
	echo "first words" >docs/letter.txt
	echo "1;2" >docs/taxes/2025.csv
	cp -a docs kept
	connect s3 A Anna && on A backup add docs --name Papers && on A once || { fail "first backup"; return; }
	sleep 1.1
	before=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	sleep 1.1
	echo "second words, more of them" >docs/letter.txt
	rm docs/taxes/2025.csv
	on A once || fail "once after the changes"
	n=$(ask A versions ls docs/letter.txt --json | grep -c '"id"')
	[ "$n" = 2 ] && pass "versions ls: $n versions of the changed file" || fail "versions ls: $n versions"
	on A backup restore Papers --to was --at "$before"
	check "restore --at the time before: as it was" same kept was
	id=$(ask A trash ls --json --area backup | id_of Anna/Papers/taxes/2025.csv)
	[ -n "$id" ] && pass "trash ls: the deleted file is there" || fail "trash ls does not list the deleted file"
	on A trash restore "$id"
	on A once || fail "once after trash restore"
	check "trash restore: the file is back in the folder" cmp docs/taxes/2025.csv kept/taxes/2025.csv
	id=$(ask A versions ls docs/letter.txt --json | tr -d '\n' | grep -oE '\{[^{}]*\}' | grep -E '"size": 12\b' | grep -oE '"id": *"[^"]*"' | cut -d'"' -f4)
	on A versions restore docs/letter.txt --version "$id"
	check "versions restore: the first text is back" cmp docs/letter.txt kept/letter.txt
	on A once
	check "check --read-data" on A check --read-data
}

# A drive that is taken out is not connected, and nothing of it is deleted.
item_drive() {
	room "$item"
	if [ "$(id -u)" != 0 ] || ! has mkfs.ext4; then
		skip "mounting a drive needs root and mkfs.ext4"
		return
	fi
	mkdir drive
	truncate -s 16M image
	mkfs.ext4 -q image && mount -o loop image drive 2>>"$work/log" || { skip "this machine has no loop device for us"; return; }
	mkdir drive/photos
	for i in {1..30}; do echo "photo $i" >"drive/photos/$i.jpg"; done
	cp -a drive/photos kept
	connect s3 A Anna && on A backup add drive/photos --name Photos && on A once || fail "first backup"
	umount drive
	mark
	on A once
	[[ "$(ask A status)" = *"ot connected"* ]] && pass "taken out: \"not connected\"" || fail "taken out: $(ask A status | tr -s '\n ' ' ')"
	[ "$(ask A trash ls --json | tr -d ' \n')" = "[]" ] && [ "$(requests "$writes")" = 0 ] && pass "taken out: nothing deleted, nothing written" ||
		fail "taken out: $(requests "$writes") writes: $(by_kind)"
	on A backup restore Photos --to back
	check "taken out: restore has all of it" same kept back
	mount -o loop image drive
	mark
	on A once || fail "put in again: once"
	safe A && [ "$(content_requests)" = 0 ] && [ "$(requests "$writes")" = 0 ] && pass "put in again: everything is safe, nothing transferred" ||
		fail "put in again: $(by_kind); $(ask A status | tr -s '\n ' ' ')"
	umount drive
}

# moment LONGEST: a random time below so many milliseconds, in seconds.
moment() { awk -v m="$1" -v a=$RANDOM -v b=$RANDOM 'BEGIN { printf "%.4f", m / 1000 * (a * 32768 + b) / 1073741824 }'; }

# some makes the files that are used for the kills: a part of the tree and one file that goes up in parts.
some() {
	[ ! -d "$work/some" ] || return 0
	mkdir -p "$work/some/one" "$work/some/two" "$work/both"
	cp -a "$source/net" "$source/bytes" "$work/some/one/"
	cp -a "$source/encoding" "$source/strings" "$work/some/two/"
	head -c 60000000 /dev/urandom >"$work/some/one/large.bin"
	cp -a "$work/some/one/." "$work/some/two/." "$work/both/"
}

# broken WHAT: what went wrong after one kill; the first ones are shown.
broken() { bad=$((bad + 1)); [ $bad -gt 5 ] || fail "kill $done_kills ($kind, after $after s): $*"; }

# kill_loop SET-UP LONGEST ATTACK VERIFY: kills at random moments until so many had something to kill.
kill_loop() {
	local t0 pid hit figures tries=0
	some
	done_kills=0 bad=0 after=0
	local stores=(s3 folder) where="every other on S3 and on a folder, " spans
	[ "$server" = versitygw ] || { stores=(s3) where=; }
	local -A span=()
	for kind in "${stores[@]}"; do # how long it takes undisturbed
		room kill
		"$1" || { fail "set-up on $kind"; return; }
		t0=$(clock)
		"$2"
		wait "${running[@]}"
		span[$kind]=$(($(clock) - t0))
		running=()
	done
	t0=$(clock)
	while [ $done_kills -lt "$kills" ] && [ $tries -lt $((kills * 2)) ]; do
		tries=$((tries + 1))
		kind=${stores[$((tries % ${#stores[@]}))]}
		room kill
		"$1" || { broken "set-up"; continue; }
		after=$(moment "${span[$kind]}")
		"$2"
		sleep "$after"
		hit=
		for pid in "${running[@]}"; do kill -9 "$pid" 2>/dev/null && hit=1; done
		wait "${running[@]}" 2>/dev/null
		running=()
		[ -n "$hit" ] || continue
		done_kills=$((done_kills + 1))
		"$3"
	done
	spans=${span[s3]}${span[folder]:+ and ${span[folder]}}
	figures="$done_kills kills, ${where}at random within $spans ms; $(seconds "$t0" "$(clock)") in all"
	[ $bad = 0 ] && [ $done_kills -ge "$kills" ] && pass "$figures: trees equal, check --read-data clean, nothing left over" || fail "$figures: $bad times something was wrong"
}

begin() { "$elkjop" --home "$here/$1" once >>"$work/log" 2>&1 & running+=($!); }

# unused NAME: prefixes of their own keep the tries apart in the one bucket.
set_up_backup() {
	tag=$((tag + 1))
	cp -a "$work/some/one" docs
	connect "$kind" A Anna "$item-$tag" && on A backup add docs --name Docs
}
attack_backup() { begin A; }
verify_backup() {
	local left
	on A once || broken "once afterwards"
	on A backup restore Docs --to back
	same docs back >>"$work/log" || broken "the restored files differ"
	same "$work/some/one" docs >>"$work/log" || broken "the backed up files were changed"
	on A check --read-data || broken "check --read-data"
	left=$(leftovers docs back)
	[ -z "$left" ] || broken "left over: $(head -n 2 <<<"$left" | paste -sd' ')"
	forget
}

set_up_sync() {
	tag=$((tag + 1))
	connect "$kind" A Anna "$item-$tag" && connect "$kind" B Bo "$item-$tag" && on A sync set a && on B sync set b
	cp -a "$work/some/one/." a/
	cp -a "$work/some/two/." b/
}
attack_sync() { begin A; begin B; }
verify_sync() {
	local x left want=${1:-$work/both}
	for x in A B A B; do on $x once || broken "once on $x afterwards"; done
	same "$want" a >>"$work/log" || broken "A differs: $(same "$want" a | head -n 2 | paste -sd' ')"
	same "$want" b >>"$work/log" || broken "B differs: $(same "$want" b | head -n 2 | paste -sd' ')"
	on A check --read-data || broken "check --read-data"
	left=$(leftovers a b)
	[ -z "$left" ] || broken "left over: $(head -n 2 <<<"$left" | paste -sd' ')"
	forget
}

# Two computers that were alike, and then changed different things: A renamed a folder, edited and deleted; B did so inside that folder.
edit_a() {
	local file
	mv "$1/net" "$1/network"
	for file in "$1"/bytes/*.go; do echo "// Anna" >>"$file"; done
	rm "$1/bytes/boundary_test.go"
	cp -r "$source/strings" "$1/copied"
}
edit_b() { # where net is called $2
	local file
	for file in "$1/$2"/url/*.go; do echo "// Bo" >>"$file"; done
	rm -r "$1/$2/textproto/testdata" "$1/$2/textproto/pipeline.go"
	mv "$1/$2/mail" "$1/mail"
	cp "$work/some/one/large.bin" "$1/$2/new.bin"
}
set_up_changes() {
	tag=$((tag + 1))
	if [ ! -d "$work/changed" ]; then
		cp -a "$work/some/one" "$work/changed"
		rm "$work/changed/large.bin"
		mkdir -p "$work/changed/net/textproto/testdata" && echo x >"$work/changed/net/textproto/testdata/x"
		cp -a "$work/changed" "$work/unchanged"
		edit_a "$work/changed" && edit_b "$work/changed" network
	fi
	connect "$kind" A Anna "$item-$tag" && connect "$kind" B Bo "$item-$tag" && on A sync set a && on B sync set b
	cp -a "$work/unchanged/." a/
	on A once && on B once && edit_a a && edit_b b net
}
verify_changes() { verify_sync "$work/changed"; }

# forget saves this disk: the tries before are not needed any more.
forget() { "forget_$server"; }

item_kill_backup() { kill_loop set_up_backup attack_backup verify_backup; }
item_kill_changes() { kill_loop set_up_changes attack_sync verify_changes; }
item_kill_sync() { kill_loop set_up_sync attack_sync verify_sync; }

# The Archive frees space only when what it holds was read back.
item_archive() {
	local pid reads=
	room "$item"
	export XDG_DATA_HOME=$here/data
	connect s3 A Anna || { fail "connect"; return; }
	head -c 60000000 /dev/urandom >film.bin
	cp film.bin kept.bin
	mark
	"$elkjop" --home "$here/A" archive add film.bin --free >>"$work/log" 2>&1 &
	pid=$!
	until [ "$(requests '^UploadPart ')" -gt 0 ] || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
	kill -STOP "$server_pid"
	kill -INT $pid
	sleep 0.2
	kill -CONT "$server_pid"
	wait $pid
	[ -e film.bin ] && missing data/Trash/files/film.bin && pass "interrupted while it is sent: the file is where it was" || fail "interrupted while it is sent: the file is gone"
	mark
	"$elkjop" --home "$here/A" archive add film.bin --free >>"$work/log" 2>&1 &
	pid=$!
	while kill -0 $pid 2>/dev/null; do
		if [ ! -e film.bin ]; then reads=$(since | grep -c '^GetObject [^ ]*/Archive/film'); break; fi
	done
	wait $pid || fail "archive add --free"
	missing film.bin && cmp -s kept.bin data/Trash/files/film.bin && pass "archive add --free: the file is in the recycle bin" || fail "archive add --free: it is not in the recycle bin"
	[ "${reads:-$(since | grep -c '^GetObject [^ ]*/Archive/film')}" -gt 0 ] && pass "it went there after the copy in the cloud was read (${reads:-all} reads)" || fail "it went there before the copy in the cloud was read"
	on A archive get film.bin --to got
	check "archive get: the same bytes" cmp kept.bin got/film.bin
	check "check --read-data" on A check --read-data
	unset XDG_DATA_HOME
}

# highest PID...: the most memory that the process had, in MiB.
highest() {
	local line peak=0
	while kill -0 "$1" 2>/dev/null; do
		line=$(awk '/^VmHWM/ { print $2 }' "/proc/$1/status" 2>/dev/null)
		[ -z "$line" ] || peak=$line
		sleep 0.05
	done
	printf '%s\n' $((peak / 1024))
}

# Memory with many small files.
item_memory() {
	local d t0 what
	room "$item"
	two folder || { fail "connect"; return; }
	for ((d = 0; d < small / 1000; d++)); do
		mkdir -p "a/folder $d"
		seq $((d * 1000 + 1)) $((d * 1000 + 1000)) | split -l 1 -a 3 -d - "a/folder $d/file "
	done
	for what in "A the first time:A" "A once more:A" "B the first time:B"; do
		t0=$(clock)
		begin "${what##*:}"
		d=$(highest "${running[0]}")
		wait "${running[0]}" && [ "$d" -gt 0 ] && pass "once over $(count a) files, on ${what%:*}: at most $d MiB, $(seconds "$t0" "$(clock)")" || fail "once on ${what%:*}"
		running=()
	done
	check "both are alike" same a b
}

# One OSD of Ceph after the other dies and comes back while both computers work: with "once" while two trees go up, then with "run" while
# files are saved, edited, renamed and deleted. In between two of the three die at once, and the store can do nothing until they are back.
item_osd() {
	local n=0 t0 tired=0 alive=0 outage=0
	room "$item"
	[ "$server" = ceph ] || { skip "this needs --server ceph"; return; }
	some
	two s3 || { fail "connect"; return; }
	mkdir want
	t0=$(clock)
	for ((n = 0; n < osd_kills; n++)); do
		osd_once "$n" "$(moment 6000)" $((n % 3))
	done
	for n in A B A B; do on $n once || fail "once on $n afterwards"; done
	alike "$osd_kills kills while both did once ($alive of $((osd_kills * 2)) were at work just then, $tired ended with \"try later\"), an OSD away for $((outage / osd_kills)) ms on average; $(seconds "$t0" "$(clock)") in all"
	alive=0 tired=0 outage=0
	t0=$(clock)
	osd_once two 30 0 1
	for n in A B A B; do on $n once || fail "once on $n afterwards"; done
	alike "two of three OSDs killed, so that the store answers nothing, while both did once ($alive of 2 were at work just then, $tired ended with \"try later\"), back after $outage ms; $(seconds "$t0" "$(clock)") in all"
	t0=$(clock)
	osd_run
	stop_run
	for n in A B A; do on $n once || fail "once on $n afterwards"; done
	alike "$osd_kills kills while both run; $(seconds "$t0" "$(clock)") in all"
}

# alike FIGURES: both have what they must have, and so has the store.
alike() {
	if same want a >>"$work/log" && same want b >>"$work/log"; then pass "$(count b) files, trees equal: $1"; else fail "the trees differ: $1"; fi
	check "check --read-data on A" on A check --read-data
	check "check --read-data on B" on B check --read-data
	n=$(kind=s3 leftovers a b)
	[ -z "$n" ] && pass "nothing left over" || fail "left over: $(head -n 2 <<<"$n" | paste -sd' ')"
}

cluster() { "$root/packaging/ceph" "$1" "$work/ceph" "${@:2}" >>"$work/log" || { fail "packaging/ceph $*"; return 1; }; }

# fresh FROM TO TEXT: a tree of which the cloud has nothing yet, with a file that goes up in parts.
fresh() {
	local file
	cp -a "$1" "$2"
	while IFS= read -r -d '' file; do echo "// $3" >>"$file"; done < <(find "$2" -type f -print0)
	head -c 60000000 /dev/urandom >"$2/large.bin"
}

# osd_once NAME SECONDS OSD...: A gets a tree to send, B another; OSDs die in the midst and come back so much later.
osd_once() {
	local pid t1 osd
	fresh "$work/some/one" "want/$1 of A" "$1, Anna" && cp -a "want/$1 of A" a/
	fresh "$work/some/two" "want/$1 of B" "$1, Bo" && cp -a "want/$1 of B" b/
	begin A; begin B
	sleep "$(moment 3000)"
	for pid in "${running[@]}"; do ! kill -0 "$pid" 2>/dev/null || alive=$((alive + 1)); done
	t1=$(clock)
	for osd in "${@:3}"; do cluster kill-osd "$osd"; done
	sleep "$2"
	for osd in "${@:3}"; do cluster start-osd "$osd"; done
	outage=$((outage + $(clock) - t1))
	for pid in "${running[@]}"; do
		wait "$pid"
		case $? in
		0) ;;
		5) tired=$((tired + 1)) ;;
		*) fail "once while OSDs ${*:3} were away" ;;
		esac
	done
	running=()
	cluster healthy
}

# osd_run: files that are saved just when an OSD dies, while it is away and when it is back.
osd_run() {
	local i osd times=() slow=0 pid
	start_run || { fail "run does not become safe"; return; }
	for ((i = 0; i < osd_kills; i++)); do
		osd=$((i % 3))
		cluster kill-osd $osd &
		pid=$!
		arrives a b "dying $i"
		wait $pid || failures=$((failures + 1)) # said by itself
		arrives b a "away $i"
		edit_while_away "$i"
		cluster start-osd $osd
		arrives a b "back $i"
		cluster healthy
	done
	local median max
	read -r median max < <(printf '%s\n' "${times[@]}" | sort -n | awk '{ t[NR] = $1 } END { print t[int((NR + 1) / 2)], t[NR] }')
	[ $slow = 0 ] && pass "${#times[@]} files saved while OSDs died, were away or came back are on the other side: median $median ms, longest $max ms" ||
		fail "${#times[@]} files saved while OSDs died: median $median ms, longest $max ms, $slow did not come in 120 s"
	wait_for 120 same want a && wait_for 120 same want b || fail "run does not make both alike"
}

# arrives FROM TO NAME: a new file is saved in one folder; how long it takes to the other.
arrives() {
	local t1
	head -c 20000 /dev/urandom >"want/$3"
	t1=$(clock)
	cp "want/$3" "$1/$3"
	wait_for 120 cmp -s "want/$3" "$2/$3" || slow=$((slow + 1))
	times+=($(($(clock) - t1)))
}

# edit_while_away N: what is done to the trees of osd_once N on A's side, and on B's.
edit_while_away() {
	local dir
	for dir in a want; do
		mv "$dir/$1 of A/net" "$dir/$1 of A/network"
		rm "$dir/$1 of A/bytes/boundary_test.go"
	done
	for dir in b want; do
		echo "// Bo" >>"$dir/$1 of B/strings/strings.go"
		cp "$work/some/one/large.bin" "$dir/$1 of B/new.bin"
		truncate -s +$((1000 * ($1 + 1))) "$dir/$1 of B/new.bin"
	done
}
