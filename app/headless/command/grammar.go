package command

const about = `Your files, safe and with you: Backup, Synced, Archive, Trash.

Begin with "elkjop connect folder DIR" or "elkjop connect s3 …", then "elkjop backup add DIR" or "elkjop sync set DIR", then "elkjop once" or
"elkjop run". "elkjop tour" shows everything on folders that it makes and removes.`

// grammar is everything that can be typed. Each command is a struct with its arguments and a Run method.
type grammar struct {
	Home    string `placeholder:"DIR" env:"ELKJOP_HOME" help:"Folder with the settings and state of this computer. With several of them one machine plays several computers."`
	JSON    bool   `name:"json" help:"Print the result as JSON."`
	Verbose bool   `help:"Show on standard error what goes on inside."`

	Connect  connectCommands  `cmd:"" help:"Connect this computer to a storage."`
	Device   deviceCommand    `cmd:"" help:"Show or name this computer."`
	Devices  devicesCommand   `cmd:"" help:"List the computers that use the storage."`
	Backup   backupCommands   `cmd:"" help:"Folders that are copied to the cloud and kept there."`
	Sync     syncCommands     `cmd:"" aliases:"synced" help:"The Synced folder, the same on all your computers."`
	Archive  archiveCommands  `cmd:"" help:"Files that live only in the cloud."`
	Trash    trashCommands    `cmd:"" help:"What was deleted, until it expires."`
	Versions versionsCommands `cmd:"" help:"What a file was before it was changed."`
	Once     onceCommand      `cmd:"" help:"Do everything there is to do, then exit."`
	Run      runCommand       `cmd:"" help:"Work and watch for changes, until interrupted."`
	Status   statusCommand    `cmd:"" help:"Show how everything is."`
	Problems problemsCommand  `cmd:"" help:"List what needs you, and what to do."`
	Queue    queueCommands    `cmd:"" help:"Show what moves and what waits, or let a file go first."`
	Activity activityCommand  `cmd:"" help:"List what happened."`
	Pause    pauseCommand     `cmd:"" help:"Stop working for a time."`
	Resume   resumeCommand    `cmd:"" help:"End a pause, also one for a metered network, the battery or the hour."`
	When     whenCommand      `cmd:"" help:"Show or choose whether to work on metered networks and on battery."`
	Speed    speedCommand     `cmd:"" help:"Show or choose how fast files are sent and brought, and when."`
	Network  networkCommand   `cmd:"" help:"Show or choose how the server of the storage is reached."`
	Answer   answerCommand    `cmd:"" help:"Answer the question about many changes at once."`
	Check    checkCommand     `cmd:"" help:"Prove that everything in the cloud is there."`
	Rebuild  rebuildCommand   `cmd:"" help:"Compare everything anew when the program is started next."`
	Tour     tourCommand      `cmd:"" help:"Show the product at work, on folders that are made for it."`

	Autostart autostartCommand `cmd:"" help:"Start by itself when you sign in, or not."`
	Link      linkCommand      `cmd:"" help:"Let links of ours open the program, or not."`
}

type connectCommands struct {
	Folder connectFolderCommand `cmd:"" help:"Use a folder: on this computer, a drive or a network folder."`
	S3     connectS3Command     `cmd:"" name:"s3" help:"Use a bucket on an S3 server."`
}

type backupCommands struct {
	Add      backupAddCommand      `cmd:"" help:"Begin to back up a folder."`
	List     backupListCommand     `cmd:"" help:"List the folders that are backed up."`
	Remove   backupRemoveCommand   `cmd:"" help:"Stop backing up a folder."`
	Skipped  backupSkippedCommand  `cmd:"" help:"List what in a folder is not backed up."`
	Skip     backupSkipCommand     `cmd:"" help:"Show or change what a backup leaves out."`
	When     backupWhenCommand     `cmd:"" help:"Show or choose when a backup is made."`
	Continue backupContinueCommand `cmd:"" help:"Go on here with another computer's backup."`
	Restore  backupRestoreCommand  `cmd:"" help:"Write a backup, or a part of it, to a folder."`
}

type syncCommands struct {
	Set       syncSetCommand       `cmd:"" help:"Choose the Synced folder."`
	Status    syncStatusCommand    `cmd:"" help:"Show how the Synced folder is."`
	Sidebar   syncSidebarCommand   `cmd:"" help:"Show the Synced folder in the sidebar of the file manager, or not."`
	Folders   syncFoldersCommand   `cmd:"" help:"Show or choose which folders of Synced are kept on this computer."`
	Conflicts syncConflictsCommand `cmd:"" help:"List files that were changed in two places."`
	Settle    syncSettleCommand    `cmd:"" help:"Choose what to keep of a file that was changed in two places."`
}

type archiveCommands struct {
	Add  archiveAddCommand  `cmd:"" help:"Put files and folders into the Archive."`
	Ls   archiveLsCommand   `cmd:"" help:"List a folder of the Archive."`
	Find archiveFindCommand `cmd:"" help:"Find files in the Archive by name."`
	Get  archiveGetCommand  `cmd:"" help:"Write something from the Archive to a folder."`
	Rm   archiveRmCommand   `cmd:"" help:"Move something from the Archive to the Trash."`
}

type trashCommands struct {
	Ls      trashLsCommand      `cmd:"" help:"List the Trash."`
	Restore trashRestoreCommand `cmd:"" help:"Put things back."`
	Delete  trashDeleteCommand  `cmd:"" help:"Delete things for ever."`
	Empty   trashEmptyCommand   `cmd:"" help:"Delete everything in the Trash for ever."`
}

type queueCommands struct {
	Show  queueShowCommand  `cmd:"" default:"1" help:"List what moves and what waits."`
	First queueFirstCommand `cmd:"" help:"Let a file that waits be uploaded before all others."`
}

type versionsCommands struct {
	Ls      versionsLsCommand      `cmd:"" help:"List the versions of a file."`
	Restore versionsRestoreCommand `cmd:"" help:"Bring an earlier version back."`
}
