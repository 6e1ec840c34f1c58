package s3store

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"elkjopcloud/platform/objstore"
	"github.com/minio/minio-go/v7"
)

const defaultType = "application/octet-stream"

func putOptions(o objstore.PutOptions) minio.PutObjectOptions {
	contentType := o.ContentType
	if contentType == "" {
		contentType = defaultType
	}
	return minio.PutObjectOptions{
		UserMetadata: escapeMeta(o.Meta), ContentType: contentType, SendContentMd5: true, DisableContentSha256: true,
	}
}

// Put implements objstore.Bucket. Modified is the server's Date, since S3 does not answer more; it has whole seconds.
func (b *Bucket) Put(ctx context.Context, key string, body io.ReadSeeker, size int64, o objstore.PutOptions) (objstore.Object, error) {
	name, err := b.key(ctx, objstore.OpPut, key)
	if err == nil {
		err = objstore.CheckMeta(objstore.OpPut, key, o.Meta)
	}
	if err != nil {
		return objstore.Object{}, err
	}
	how := proof(b.proof.Load())
	done, echoed, err := b.put(ctx, key, name, body, size, o, how)
	if objstore.KindOf(err) == objstore.Denied {
		// MinIO says so, too, while the folder is removed that it is just about to write to.
		done, echoed, err = b.put(ctx, key, name, body, size, o, how)
	}
	switch {
	case how == unasked && err == nil && echoed:
		b.proof.Store(int32(byCRC))
	case how == unasked && err == nil:
		b.proof.Store(int32(byMD5))
	case how != byMD5 && objstore.KindOf(err) == objstore.Invalid, how == byCRC && err == nil && !echoed:
		// It takes no such checksum, or whoever answers now does not know it.
		if done, _, err = b.put(ctx, key, name, body, size, o, byMD5); err == nil {
			b.proof.Store(int32(byMD5))
		}
	}
	return done, err
}

// put sends an object, and tells whether the answer has its CRC-32C.
func (b *Bucket) put(ctx context.Context, key, name string, body io.ReadSeeker, size int64, o objstore.PutOptions, how proof) (objstore.Object, bool, error) {
	up, sum, err := prepare(ctx, objstore.OpPut, key, body, size, how)
	if err != nil {
		return objstore.Object{}, false, err
	}
	opts := putOptions(o)
	if sum.crc != "" {
		opts.UserMetadata[minio.ChecksumCRC32C.Key()] = sum.crc
	}
	ctx, answer := withAnswer(ctx)
	info, err := b.core.PutObject(ctx, b.name, name, up, size, sum.md5, "", opts)
	if err != nil {
		return objstore.Object{}, false, b.failUp(ctx, objstore.OpPut, key, up, err)
	}
	if info.ETag == "" {
		return objstore.Object{}, false, notAStore(objstore.OpPut, key, "the answer to an upload has no ETag")
	}
	echoed := sum.crc != "" && info.ChecksumCRC32C == sum.crc
	return objstore.Object{Key: key, Size: size, Modified: answer.time(), ETag: info.ETag, Meta: cloneMeta(o.Meta)}, echoed, nil
}

func (b *Bucket) failUp(ctx context.Context, op, key string, up *upBody, err error) error {
	if up.err != nil && ctx.Err() == nil {
		return objstore.Errorf(objstore.Invalid, op, key, "read the body: %w", up.err)
	}
	return b.failBlocked(ctx, op, key, err)
}

// Get implements objstore.Bucket.
func (b *Bucket) Get(ctx context.Context, key string, o objstore.GetOptions) (io.ReadCloser, objstore.Object, error) {
	name, err := b.key(ctx, objstore.OpGet, key)
	if err != nil {
		return nil, objstore.Object{}, err
	}
	options, ranged, err := getOptions(key, o)
	if err != nil {
		return nil, objstore.Object{}, err
	}
	body, info, header, err := b.core.GetObject(ctx, b.name, name, options)
	if err != nil {
		return nil, objstore.Object{}, fail(ctx, objstore.OpGet, key, err)
	}
	got := objstore.Object{Key: key, Size: info.Size, Modified: info.LastModified, ETag: info.ETag, Meta: metaOf(header)}
	length := info.Size
	if ranged {
		got.Size, err = checkRange(header, o, info.Size)
	}
	if err == nil && (length < 0 || got.ETag == "") {
		err = errors.New("the answer has no length or no ETag")
	}
	if err != nil {
		body.Close()
		return nil, objstore.Object{}, notAStore(objstore.OpGet, key, err.Error())
	}
	return &downBody{ctx: ctx, key: key, body: body, left: length}, got, nil
}

func getOptions(key string, o objstore.GetOptions) (options minio.GetObjectOptions, ranged bool, err error) {
	if o.Offset < 0 || o.Length < 0 {
		return options, false, objstore.Errorf(objstore.Invalid, objstore.OpGet, key, "range %d+%d", o.Offset, o.Length)
	}
	if o.IfNoneMatch != "" {
		options.Set("If-None-Match", `"`+o.IfNoneMatch+`"`)
	}
	switch {
	case o.Length > 0:
		return options, true, options.SetRange(o.Offset, o.Offset+o.Length-1)
	case o.Offset > 0:
		return options, true, options.SetRange(o.Offset, 0)
	}
	return options, false, nil
}

// checkRange makes sure that the server answered the range that was asked for, and returns the size of the whole object.
func checkRange(h http.Header, o objstore.GetOptions, length int64) (size int64, err error) {
	text, ok := strings.CutPrefix(h.Get("Content-Range"), "bytes ")
	span, total, found := strings.Cut(text, "/")
	first, last, dash := strings.Cut(span, "-")
	start, startErr := strconv.ParseInt(first, 10, 64)
	end, endErr := strconv.ParseInt(last, 10, 64)
	size, sizeErr := strconv.ParseInt(total, 10, 64)
	if !ok || !found || !dash || startErr != nil || endErr != nil || sizeErr != nil {
		return 0, errors.New("a range was asked for and something else answered")
	}
	wantStart, wantEnd, err := objstore.Range("", o, size)
	if err != nil || start != wantStart || end != wantEnd-1 || length != wantEnd-wantStart {
		return 0, errors.New("another range was answered than asked for")
	}
	return size, nil
}

// downBody is a body that must have exactly the promised length.
type downBody struct {
	ctx  context.Context
	key  string
	body io.ReadCloser
	left int64
}

func (d *downBody) Read(p []byte) (int, error) {
	n, err := d.body.Read(p)
	d.left -= int64(n)
	switch {
	case err == nil:
		return n, nil
	case d.ctx.Err() != nil:
		return n, d.ctx.Err()
	case errors.Is(err, io.EOF) && d.left == 0:
		return n, io.EOF
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	return n, &objstore.Error{Kind: objstore.Unreachable, Op: objstore.OpGet, Key: d.key, Err: err}
}

func (d *downBody) Close() error { return d.body.Close() }

// Head implements objstore.Bucket. Answers to HEAD have no body that could say what is wrong, so a failed one is asked again
// as GET.
func (b *Bucket) Head(ctx context.Context, key string) (objstore.Object, error) {
	name, err := b.key(ctx, objstore.OpHead, key)
	if err != nil {
		return objstore.Object{}, err
	}
	info, err := b.core.StatObject(ctx, b.name, name, minio.StatObjectOptions{})
	if err == nil && info.ETag != "" && info.Size >= 0 {
		return objstore.Object{Key: key, Size: info.Size, Modified: info.LastModified, ETag: info.ETag, Meta: metaOf(info.Headers)}, nil
	}
	if err != nil && minio.ToErrorResponse(err).StatusCode == 0 {
		return objstore.Object{}, fail(ctx, objstore.OpHead, key, err)
	}
	body, got, err := b.Get(ctx, key, objstore.GetOptions{})
	if err != nil {
		return objstore.Object{}, asOp(objstore.OpHead, err)
	}
	body.Close()
	return got, nil
}

// asOp gives an error the name of the request that the caller made.
func asOp(op string, err error) error {
	var e *objstore.Error
	if errors.As(err, &e) {
		return &objstore.Error{Kind: e.Kind, Op: op, Key: e.Key, Err: e.Err}
	}
	return err
}

// Delete implements objstore.Bucket.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	name, err := b.key(ctx, objstore.OpDelete, key)
	if err != nil {
		return err
	}
	err = fail(ctx, objstore.OpDelete, key, b.core.RemoveObject(ctx, b.name, name, minio.RemoveObjectOptions{}))
	if objstore.KindOf(err) == objstore.NotFound {
		return nil
	}
	return err
}
