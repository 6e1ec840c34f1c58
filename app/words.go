package app

import "elkjopcloud/sync/engine"

// wording is what a person reads about a code.
type wording struct{ message, action string }

// words has every code: TestWords looks after it.
var words = map[string]wording{
	engine.CodeUnreadable:  {"You have no permission to read this.", "Allow your user to read it, or leave it out with a skip rule."},
	engine.CodeBusy:        {"It is open in another program.", "Close it there. We try again by ourselves."},
	engine.CodeChanging:    {"The file kept changing while it was read.", "It is tried again by itself. If it never ends, leave the file out with a skip rule."},
	engine.CodeName:        {"This disk cannot hold a file of this name.", "Rename it on the computer where it comes from."},
	engine.CodeEncoding:    {"The name has characters that are not text.", "Rename the file."},
	engine.CodeLongName:    {"The name is too long to be kept in the cloud.", "Give it a shorter name."},
	engine.CodeSkipped:     {"It is left out: a link, a special file, a name of ours, or something a rule skips.", "Nothing needs to be done. Change the skip rules if you want it."},
	engine.CodeDiskFull:    {"This computer's disk is full.", "Make some room on it. We go on by ourselves."},
	engine.CodeCloudFull:   {"Your cloud storage is full.", "Empty the Trash, or get more storage. Nothing is lost meanwhile."},
	engine.CodeReadOnly:    {"The folder does not take changes.", "Allow your user to write there, or choose another folder."},
	engine.CodeDamaged:     {"The copy in the cloud is damaged.", "Keep the file on this computer. Save it anew to send a good copy, or bring back an earlier version."},
	engine.CodeMissing:     {"The copy in the cloud is not there.", "Save the file anew to send it again. If many are missing, run: elkjop check."},
	engine.CodeCold:        {"The copy in the cloud lies in cold storage and cannot be read now.", "Restore it in your storage provider's console. It is fetched by itself then."},
	engine.CodeHistory:     {"A part of the record of changes in the cloud cannot be read.", "Nothing is deleted because of it. Run: elkjop check. If it stays, restore that part of the storage."},
	engine.CodeKeyRefused:  {"The storage does not accept the access key.", "Check the access key and the secret key, and connect again."},
	engine.CodeDenied:      {"The access key is good but may not do this.", "Ask whoever runs the storage for the right to read, write, list and delete there."},
	engine.CodeClock:       {"This computer's clock is wrong.", "Set date and time to automatic, then try again."},
	engine.CodeUntrusted:   {"The server's certificate is not trusted, so we cannot be sure that it is the right one.", "If it is your own server, give its certificate with --ca FILE."},
	engine.CodeNotAStore:   {"Something answers at this address, but it is not a storage.", "Check the address, and whether it begins with http:// or https://. On a guest network, sign in to it first."},
	engine.CodeNoBucket:    {"The storage is not where it was chosen to be.", "Plug in the drive, or connect to the network folder. Then try again."},
	engine.CodeOffline:     {"The storage cannot be reached.", "Check the internet connection and the address. We go on when it is back."},
	engine.CodeServerBusy:  {"The storage is busy.", "Nothing needs to be done. We try again by ourselves."},
	engine.CodeNewerFormat: {"A newer version of the program wrote this.", "Update the program on this computer. Nothing was changed."},
	engine.CodeDatabase:    {"The program's own records on this computer cannot be read.", "Start it again: they are made anew, and your files are compared with the cloud. Nothing is lost."},
	engine.CodeOther:       {"Something unexpected happened.", "Try again. If it happens again, look at the log."},
	engine.CodeAway:        {"It was removed elsewhere while this computer was away for long. It is kept here, and not in the cloud.", "Copy it to a new name to have it in the cloud again, or delete it here."},
	engine.CodeElsewhere:   {"Another computer changed or moved it in this backup. Here it is as it was, and is not sent again.", "Let only one computer back up this folder. What you change here is sent."},
	engine.CodeGuard:       {"Many files were deleted or rewritten at once, so this folder waits for you.", "Answer with: elkjop answer NAME keep (bring them back) or apply (it was meant)."},
	engine.CodeNoRoot:      {"The folder is not connected. Your copies are kept.", "Plug in the drive, or connect to the network folder. If you moved the folder, add it again."},
	CodeNotSetUp:           {"This computer is not connected to any storage yet.", "Connect it first: elkjop connect folder DIR, or elkjop connect s3."},
	CodeWrongUse:           {"That cannot be done.", "Look at the help of the command."},
	CodeAnotherInstance:    {"The program is running already and uses this home folder.", "Ask the running one, or stop it first."},
	CodeGuard:              {"A folder waits for your answer.", "Look at it with: elkjop status. Then answer it."},
	CodeCanceled:           {"Stopped.", "The next run goes on where it was."},
	CodeTooEarly:           {"The record of changes does not reach back so far.", "Choose a later time."},
	CodeCloned:             {"This computer and another one are copies of one disk. It has been given an identity of its own.", "Give this computer a name of its own: elkjop device --name NAME. Nothing was lost."},
	CodeSetAside:           {"The program's records on this computer were damaged. They were put aside and are made anew.", "Nothing needs to be done. Your files are compared with the cloud, and nothing is sent twice."},
	CodeSidebar:            {"Your file manager does not show the Synced folder in its sidebar.", "Open the folder in your file manager and drag it into the sidebar."},
	CodeKeyring:            {"The system's keyring cannot be used.", "Unlock it and try again, or use --credentials env."},
	CodeStayed:             {"The file could not be proven to be in the Archive as it is on the disk, so it stays on this computer.", "Add it again."},
	CodeNoBin:              {"The recycle bin does not take this file, so it stays on this computer.", "It is safe in the Archive. Remove it yourself if you want the space."},
	CodeSettings:           {"The settings on this computer cannot be read.", "Correct the file, or move it away and connect again. Your files, here and in the cloud, are not touched."},
	CodeNotThere:           {"There is nothing of this name.", "Check the path."},
	CodeExists:             {"Something of this name is there already.", "Choose another name. Nothing was overwritten."},
}
