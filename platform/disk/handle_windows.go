package disk

import (
	"context"
	"errors"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Rights asked for. All handles are synchronous.
const (
	accessStat   = windows.FILE_READ_ATTRIBUTES | windows.SYNCHRONIZE
	accessSearch = accessStat | windows.FILE_TRAVERSE
	accessList   = accessSearch | windows.FILE_LIST_DIRECTORY
	accessRead   = windows.FILE_GENERIC_READ
	accessWrite  = windows.FILE_GENERIC_READ | windows.FILE_GENERIC_WRITE

	shareAll = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE
)

// openTop opens the root itself by its path.
func openTop(path string, access uint32) (windows.Handle, error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	h, err := windows.CreateFile(name, access, shareAll, nil, windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		return 0, err
	}
	var info windows.ByHandleFileInformation
	if err = windows.GetFileInformationByHandle(h, &info); err == nil && info.FileAttributes&windows.FILE_ATTRIBUTE_DIRECTORY == 0 {
		err = windows.ERROR_DIRECTORY
	}
	if err != nil {
		windows.CloseHandle(h)
		return 0, err
	}
	return h, nil
}

// openEntry opens an entry of an opened folder, a link as the link itself.
func (r *root) openEntry(dir windows.Handle, name string, access, options uint32) (windows.Handle, error) {
	return r.native(dir, name, access, windows.FILE_OPEN, options|windows.FILE_OPEN_REPARSE_POINT)
}

// create makes a new entry; it fails when the name is taken.
func (r *root) create(dir windows.Handle, name string, access, options uint32) (windows.Handle, error) {
	return r.native(dir, name, access, windows.FILE_CREATE, options|windows.FILE_OPEN_REPARSE_POINT)
}

// native is NtCreateFile, the one call that opens relative to a folder's handle.
func (r *root) native(dir windows.Handle, name string, access, disposition, options uint32) (windows.Handle, error) {
	unicode, err := windows.NewNTUnicodeString(name)
	if err != nil {
		return 0, err
	}
	attributes := windows.OBJECT_ATTRIBUTES{RootDirectory: dir, ObjectName: unicode}
	attributes.Length = uint32(unsafe.Sizeof(attributes))
	if !r.caseSensitive {
		attributes.Attributes = windows.OBJ_CASE_INSENSITIVE
	}
	var h windows.Handle
	var status windows.IO_STATUS_BLOCK
	err = windows.NtCreateFile(&h, access|windows.SYNCHRONIZE, &attributes, &status, nil, windows.FILE_ATTRIBUTE_NORMAL, shareAll,
		disposition, options|windows.FILE_SYNCHRONOUS_IO_NONALERT, 0, 0)
	return h, dosError(err)
}

// dosError turns a status of the native calls into the error that the rest of Windows would give.
func dosError(err error) error {
	var status windows.NTStatus
	if !errors.As(err, &status) {
		return err
	}
	if status == windows.STATUS_DELETE_PENDING {
		return windows.ERROR_SHARING_VIOLATION // removed, but another program still has it open
	}
	return status.Errno()
}

// renameInformation is FILE_RENAME_INFORMATION; the name follows at once.
type renameInformation struct {
	replace    uint32
	folder     windows.Handle
	nameLength uint32
	name       [1]uint16
}

func setName(h, dir windows.Handle, name string) error {
	chars, err := windows.UTF16FromString(name)
	if err != nil {
		return err
	}
	chars = chars[:len(chars)-1] // without the NUL
	offset := unsafe.Offsetof(renameInformation{}.name)
	buf := make([]uint64, (int(offset)+2*len(chars))/8+2) // aligned as the structure
	info := (*renameInformation)(unsafe.Pointer(&buf[0]))
	info.folder, info.nameLength = dir, uint32(2*len(chars))
	copy(unsafe.Slice(&info.name[0], len(chars)), chars)
	var status windows.IO_STATUS_BLOCK
	size := max(uint32(offset)+info.nameLength, uint32(unsafe.Sizeof(*info)))
	return dosError(windows.NtSetInformationFile(h, &status, (*byte)(unsafe.Pointer(info)), size, windows.FileRenameInformation))
}

// markDeleted removes an opened entry, at once where the system can, else when the last handle is closed.
func markDeleted(h windows.Handle) error {
	flags := uint32(windows.FILE_DISPOSITION_DELETE | windows.FILE_DISPOSITION_POSIX_SEMANTICS | windows.FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE)
	err := windows.SetFileInformationByHandle(h, windows.FileDispositionInfoEx, (*byte)(unsafe.Pointer(&flags)), 4)
	switch err {
	case windows.ERROR_INVALID_PARAMETER, windows.ERROR_NOT_SUPPORTED, windows.ERROR_INVALID_FUNCTION, windows.ERROR_CALL_NOT_IMPLEMENTED:
		yes := byte(1)
		return windows.SetFileInformationByHandle(h, windows.FileDispositionInfo, &yes, 1)
	}
	return err
}

// idBothDirInfo is the head of FILE_ID_BOTH_DIR_INFO; the name follows at nameOffset.
type idBothDirInfo struct {
	next            uint32
	index           uint32
	creation        int64
	access          int64
	write           int64
	change          int64
	size            int64
	allocated       int64
	attributes      uint32
	nameLength      uint32
	reparseTag      uint32 // the field is called EaSize; for a reparse point it holds the tag
	shortNameLength uint8
	_               uint8
	shortName       [12]uint16
	_               uint16
	id              uint64
	name            [1]uint16
}

// listDir lists an opened folder; a whole buffer of entries comes with each call, with all that Info needs.
func listDir(ctx context.Context, h windows.Handle) ([]Info, error) {
	buf := make([]uint64, 8<<10)
	infos := []Info{}
	for class := uint32(windows.FileIdBothDirectoryRestartInfo); ; class = windows.FileIdBothDirectoryInfo {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := windows.GetFileInformationByHandleEx(h, class, (*byte)(unsafe.Pointer(&buf[0])), uint32(len(buf)*8))
		if err == windows.ERROR_NO_MORE_FILES || err == windows.ERROR_FILE_NOT_FOUND && class == windows.FileIdBothDirectoryRestartInfo {
			return infos, nil
		}
		if err != nil {
			return nil, err
		}
		infos = appendInfos(infos, unsafe.Pointer(&buf[0]))
	}
}

func appendInfos(infos []Info, at unsafe.Pointer) []Info {
	for {
		e := (*idBothDirInfo)(at)
		name := windows.UTF16ToString(unsafe.Slice(&e.name[0], e.nameLength/2))
		if name != "." && name != ".." {
			info := Info{Name: name, Type: typeOf(e.attributes, e.reparseTag)}
			info.Mtime = unixNanos(e.write)
			info.ID = FileID{Number: e.id, Birth: unixNanos(e.creation)}
			if info.Type != Dir {
				info.Size = e.size
			}
			infos = append(infos, info)
		}
		if e.next == 0 {
			return infos
		}
		at = unsafe.Add(at, e.next)
	}
}

// statHandle looks at an opened entry.
func statHandle(h windows.Handle, name string) (Info, error) {
	var st windows.ByHandleFileInformation
	if err := windows.GetFileInformationByHandle(h, &st); err != nil {
		return Info{}, err
	}
	typ, err := typeOfHandle(h)
	if err != nil {
		return Info{}, err
	}
	info := Info{Name: name, Type: typ}
	info.Mtime = st.LastWriteTime.Nanoseconds()
	info.ID = FileID{
		Number: uint64(st.FileIndexHigh)<<32 | uint64(st.FileIndexLow),
		Birth:  st.CreationTime.Nanoseconds(),
	}
	if typ != Dir {
		info.Size = int64(st.FileSizeHigh)<<32 | int64(st.FileSizeLow)
	}
	return info, nil
}

// typeOfHandle asks for the attributes and the kind of reparse point.
func typeOfHandle(h windows.Handle) (Type, error) {
	var tag struct{ attributes, reparseTag uint32 }
	err := windows.GetFileInformationByHandleEx(h, windows.FileAttributeTagInfo, (*byte)(unsafe.Pointer(&tag)), uint32(unsafe.Sizeof(tag)))
	return typeOf(tag.attributes, tag.reparseTag), err
}

// Kinds of reparse points (ntifs.h). A name surrogate leads to another entry: symbolic links, junctions, mounted volumes.
const (
	tagNameSurrogate = 0x20000000
	tagAppExecLink   = 0x8000001B
	tagUnixSocket    = 0x80000023
	tagUnixPipe      = 0x80000024
	tagUnixChar      = 0x80000025
	tagUnixBlock     = 0x80000026
	tagUnixLink      = 0xA000001D
)

func typeOf(attributes, reparseTag uint32) Type {
	const elsewhere = windows.FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS | windows.FILE_ATTRIBUTE_RECALL_ON_OPEN | windows.FILE_ATTRIBUTE_OFFLINE
	if attributes&windows.FILE_ATTRIBUTE_REPARSE_POINT != 0 {
		switch reparseTag {
		case tagUnixSocket, tagUnixPipe, tagUnixChar, tagUnixBlock, tagAppExecLink:
			return Special
		}
		if reparseTag&tagNameSurrogate != 0 {
			return Symlink
		}
	}
	switch {
	case attributes&elsewhere != 0:
		return Placeholder
	case attributes&windows.FILE_ATTRIBUTE_DIRECTORY != 0:
		return Dir
	case attributes&windows.FILE_ATTRIBUTE_DEVICE != 0:
		return Special
	}
	return File
}

// unixNanos turns 100 ns steps since 1601 into nanoseconds since 1970.
func unixNanos(t int64) int64 {
	ft := windows.Filetime{LowDateTime: uint32(t), HighDateTime: uint32(t >> 32)}
	return ft.Nanoseconds()
}

// caseSensitive asks for the mark that Windows can put on a folder; without it, no folder tells case apart.
func caseSensitive(h windows.Handle) bool {
	var flags uint32
	err := windows.GetFileInformationByHandleEx(h, windows.FileCaseSensitiveInfo, (*byte)(unsafe.Pointer(&flags)), 4)
	return err == nil && flags&1 != 0
}
