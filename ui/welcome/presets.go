package welcome

// preset is what is known of one kind of storage before anything is typed.
type preset struct {
	name     string // a product's name, or "" for one that has words of its own
	key      string // of those words
	endpoint string // to begin with
	region   string
	folder   bool // it is a folder, not a server
}

// presets lists the kinds of storage in the order of the menu.
func presets() []preset {
	return []preset{
		{key: "own.folder", folder: true},
		{name: "Amazon S3", endpoint: "https://s3.eu-north-1.amazonaws.com", region: "eu-north-1"},
		{name: "Backblaze B2", endpoint: "https://s3.eu-central-003.backblazeb2.com", region: "eu-central-003"},
		{name: "Ceph", endpoint: "https://"},
		{name: "Cloudflare R2", endpoint: "https://ACCOUNT.r2.cloudflarestorage.com", region: "auto"},
		{name: "Hetzner", endpoint: "https://fsn1.your-objectstorage.com", region: "fsn1"},
		{name: "MinIO", endpoint: "http://localhost:9000", region: "us-east-1"},
		{name: "Scaleway", endpoint: "https://s3.fr-par.scw.cloud", region: "fr-par"},
		{name: "Wasabi", endpoint: "https://s3.eu-central-1.wasabisys.com", region: "eu-central-1"},
		{key: "own.other", endpoint: "https://"},
	}
}
