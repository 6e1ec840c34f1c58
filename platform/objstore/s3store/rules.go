package s3store

import (
	"context"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/lifecycle"
)

const opRules = "rules"

// HarmfulRule returns the name of a lifecycle rule of the bucket that deletes what is kept below the prefix when it is old, or moves it to where it
// cannot be read at once; "" when there is none, and when the server has no rules. Kind Denied when the key may not look at them. A rule
// for objects with a tag is none: ours have no tags.
func (b *Bucket) HarmfulRule(ctx context.Context) (string, error) {
	c, err := b.core.GetBucketLifecycle(ctx, b.name)
	switch minio.ToErrorResponse(err).Code {
	case "NoSuchLifecycleConfiguration", "NotImplemented":
		return "", ctx.Err()
	}
	if err != nil {
		return "", fail(ctx, opRules, "", err)
	}
	for _, r := range c.Rules {
		if r.Status == "Enabled" && (deletes(r) || freezes(r)) && b.concerns(r) {
			return ruleName(r), nil
		}
	}
	return "", nil
}

func deletes(r lifecycle.Rule) bool {
	return !r.Expiration.IsDaysNull() || !r.Expiration.IsDateNull() || !r.AllVersionsExpiration.IsNull()
}

// freezes: of the classes, only these need an order hours before something can be read.
func freezes(r lifecycle.Rule) bool {
	return r.Transition.StorageClass == "GLACIER" || r.Transition.StorageClass == "DEEP_ARCHIVE"
}

func (b *Bucket) concerns(r lifecycle.Rule) bool {
	f := r.RuleFilter
	if !f.Tag.IsEmpty() || len(f.And.Tags) > 0 {
		return false
	}
	prefix := r.Prefix + f.Prefix + f.And.Prefix // one of them at most is set
	return strings.HasPrefix(prefix, b.prefix) || strings.HasPrefix(b.prefix, prefix)
}

func ruleName(r lifecycle.Rule) string {
	if r.ID == "" {
		return "without a name"
	}
	return r.ID
}
