package app

// noExec: disks of this system know no execute bit, so that what the cloud says stays.
const noExec = true
