# The S3 servers of packaging/prove: VersityGW, MinIO and a Ceph of three OSDs. Each has start_NAME, requests_NAME (what its own log says
# was asked of it, as "Operation key" lines), unfinished_NAME (multipart uploads that nobody finished or aborted) and forget_NAME
# (takes the tries before out of the way). Sourced by it, not run.
# shellcheck shell=bash disable=SC2154 # its variables are set there

# need_server finds or builds the programs of $server.
need_server() {
	case $server in
	versitygw) program=${ELKJOP_VERSITYGW:-$(versitygw_program)} ;;
	minio) need curl=curl && program=${ELKJOP_MINIO:-$(minio_program)} ;;
	ceph) need curl=curl && need_ceph ;;
	esac || die "no S3 server"
}

# start_server sets endpoint, the keys, server_log, and server_pid, which may be stopped and continued.
start_server() {
	mkdir -p "$work/s3/iam" "$work/s3/root"
	server_log=$work/s3/log
	"start_$server"
}

stop_server() {
	[ "$server" != ceph ] || "$root/packaging/ceph" down "$work/ceph"
	kill -9 $tracer $server_pid
	wait $tracer $server_pid
} 2>/dev/null

# serve COMMAND...: starts it on a free port, which it is told where {port} stands. It has a session of its own: when the shell ends from which all this was
# started, Linux continues what is stopped in that one's, and a server that was to be silent answers.
serve() {
	local _ port
	for _ in 1 2 3 4 5; do
		port=$((20000 + RANDOM % 20000))
		setsid "${@//\{port\}/$port}" >"$work/s3/out" 2>&1 &
		server_pid=$!
		endpoint=http://127.0.0.1:$port
		until (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do
			kill -0 $server_pid 2>/dev/null || continue 2
			sleep 0.05
		done
		return 0
	done
	die "the S3 server does not start: $(cat "$work/s3/out")"
}

# signed PATH?QUERY: a GET with the server's keys.
signed() {
	curl -sN --aws-sigv4 aws:amz:us-east-1:s3 -u "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' "$endpoint$1"
}

# --- VersityGW: an access log -----------------------------------------------------------------------------------------------------

start_versitygw() {
	export AWS_ACCESS_KEY_ID=root AWS_SECRET_ACCESS_KEY=rootsecret1
	serve "$program" --port '127.0.0.1:{port}' --access root --secret rootsecret1 --iam-dir "$work/s3/iam" --keep-alive --quiet \
		--access-log "$server_log" posix "$work/s3/root"
}

requests_versitygw() { awk '$8 ~ /^s3_/ { sub("^s3_", "", $8); print $8, $9 }'; }
unfinished_versitygw() { [ ! -d "$work/s3/root/prove/.sgwtmp" ] || find "$work/s3/root/prove/.sgwtmp" -type f; }
forget_versitygw() { rm -rf "$work/s3/root/prove/$item-"*; }

# --- MinIO: its trace, which is read all the time ----------------------------------------------------------------------------------

start_minio() {
	export AWS_ACCESS_KEY_ID=rootuser AWS_SECRET_ACCESS_KEY=rootsecret1
	export MINIO_ROOT_USER=$AWS_ACCESS_KEY_ID MINIO_ROOT_PASSWORD=$AWS_SECRET_ACCESS_KEY MINIO_BROWSER=off
	serve "$program" server --quiet --address '127.0.0.1:{port}' "$work/s3/root"
	wait_for 60 curl -sf "$endpoint/minio/health/ready" || die "MinIO does not become ready: $(cat "$work/s3/out")"
	signed '/minio/admin/v3/trace?s3=true' >"$server_log" &
	tracer=$!
	wait_for 20 traced || die "MinIO does not trace: $(cat "$server_log")"
}
traced() { signed /nothing; grep -q '"s3\.' "$server_log"; }

requests_minio() {
	awk 'match($0, /"funcname":"s3\.[^"]*"/) {
		op = substr($0, RSTART + 15, RLENGTH - 16)
		sub("^PutObjectPart$", "UploadPart", op); sub("^NewMultipartUpload$", "CreateMultipartUpload", op); sub("^DeleteMultipleObjects$", "DeleteObjects", op)
		match($0, /"path":"[^"]*"/)
		print op, substr($0, RSTART + 8, RLENGTH - 9)
	}'
}
unfinished_minio() { [ ! -d "$work/s3/root/.minio.sys/multipart" ] || find "$work/s3/root/.minio.sys/multipart" -type f; }
forget_minio() { forget_versitygw; }

# --- Ceph: the gateway's log -------------------------------------------------------------------------------------------------------

start_ceph() {
	local up
	[ "$(id -u)" = 0 ] || die "Ceph needs root"
	say "starting a Ceph of three OSDs"
	up=$("$root/packaging/ceph" up "$work/ceph" 3 bluestore) || die "Ceph does not start"
	export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY CEPH_CONF=$work/ceph/ceph.conf
	IFS=, read -r endpoint AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY <<<"$up"
	server_log=$work/ceph/log/client.rgw.a.log
	server_pid=$(cat "$work/ceph/run/client.rgw.a.pid")
}

# A copy is a PUT there, and so counted as one.
requests_ceph() {
	awk -F'"' '/ beast: 0x/ {
		split($2, r, " "); what = r[1]; at = r[2]; op = what
		if (what == "GET") op = at ~ /[?&]uploads=/ ? "ListMultipartUploads" : at ~ /[?&]list-type=/ ? "ListObjectsV2" : at ~ /[?&]uploadId=/ ? "ListParts" : "GetObject"
		if (what == "HEAD") op = "HeadObject"
		if (what == "PUT") op = at ~ /[?&]partNumber=/ ? "UploadPart" : at ~ /^\/[^\/]*\/?$/ ? "CreateBucket" : "PutObject"
		if (what == "POST") op = at ~ /[?&]uploads=/ ? "CreateMultipartUpload" : at ~ /[?&]uploadId=/ ? "CompleteMultipartUpload" : "DeleteObjects"
		if (what == "DELETE") op = at ~ /[?&]uploadId=/ ? "AbortMultipartUpload" : "DeleteObject"
		print op, at
	}'
}
unfinished_ceph() { signed "/$bucket/?uploads=" | grep -oE '<Key>[^<]*'; }
# forget_ceph: a bucket is all that can be removed at once.
forget_ceph() {
	[ "$bucket" = prove ] || radosgw-admin bucket rm --bucket "$bucket" --purge-objects --bypass-gc >>"$work/log" 2>&1
	bucket=prove-$((++buckets))
}
