internal import CLinux
internal import Glibc

/// Names and directories: moving files so that a crash at any line loses none.
///
/// A name is on the disk only once its directory is synced; nothing here syncs a directory unless it says so, because
/// one sync can serve many names.
public enum Files {
    /// Gives a file a name that must be free.
    ///
    /// A taken name is `.alreadyExists`, another file system `.otherFileSystem`, a file system that cannot promise it
    /// `.unsupported`.
    public static func renameNoReplace(from source: Path, to target: Path) throws(FileFault) {
        let answer = try renaming(source, target) { suture_rename_no_replace($0, $1) }
        guard answer == 0 else { throw .last(.rename, target) }
    }

    /// Gives a file a name, in place of the file that had it.
    public static func renameReplacing(from source: Path, to target: Path) throws(FileFault) {
        let answer = try renaming(source, target) { rename($0, $1) }
        guard answer == 0 else { throw .last(.rename, target) }
    }

    private static func renaming(
        _ source: Path, _ target: Path, _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
    ) throws(FileFault) -> Int32 {
        guard !target.bytes.contains(0) else { throw FileFault(.rename, target, .hasNUL) }
        let terminated = target.bytes.map { CChar(bitPattern: $0) } + [0]
        return try source.withCString(.rename) { body($0, terminated) }
    }

    /// Takes the name of a file away.
    public static func unlink(_ path: Path) throws(FileFault) {
        guard try path.withCString(.unlink, { Glibc.unlink($0) }) == 0 else { throw .last(.unlink, path) }
    }

    /// Makes a directory, with the ones above it if asked; a directory that is there already is as good.
    ///
    /// Each new name is brought to the disk.
    public static func makeDirectory(_ path: Path, mode: UInt32 = 0o700, parents: Bool = true) throws(FileFault) {
        let made = try path.withCString(.makeDirectory) { mkdir($0, mode) }
        if made == 0 {
            do throws(FileFault) {
                return try syncDirectory(path.parent)
            } catch {
                // Left there, the next try would take the name for one that is on the disk.
                _ = try path.withCString(.makeDirectory) { rmdir($0) }
                throw error
            }
        }
        let fault = FileFault.last(.makeDirectory, path)
        switch fault.reason {
        case .alreadyExists:
            // A symbolic link to a directory will do: the one who sets the folders up may place them elsewhere.
            let opened = try path.withCString(.makeDirectory) {
                suture_open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
            }
            guard opened >= 0 else { throw fault }
            close(opened)
        case .missing where parents && path.parent != path:
            try makeDirectory(path.parent, mode: mode, parents: true)
            try makeDirectory(path, mode: mode, parents: false)
        default:
            throw fault
        }
    }

    /// Brings the names in a directory to the disk.
    public static func syncDirectory(_ path: Path) throws(FileFault) {
        try Directory(path).sync()
    }

    /// Whether there is a file of this name, of whatever kind.
    public static func exists(_ path: Path) throws(FileFault) -> Bool {
        do throws(FileFault) {
            _ = try FileFacts(path)
            return true
        } catch {
            guard error.reason == .missing else { throw error }
            return false
        }
    }

    /// Writes a new file whose name must be free, and closes it; with `sync`, its bytes are on the disk on return.
    ///
    /// A file that could not be written whole is taken away again.
    public static func writeNew(
        _ path: Path, _ bytes: [UInt8], mode: UInt32 = 0o600, sync: Bool = true
    ) throws(FileFault) {
        try withNewFile(path, mode: mode, act: .write, sync: sync) { descriptor throws(FileFault) in
            try writeAll(bytes, to: descriptor, .write, path)
        }
    }

    /// Writes at the end of a file, which is made if need be, and brings the bytes to the disk.
    ///
    /// If not all bytes could be written, the file is cut back to the length it had. Meant for one writer at a time.
    public static func appendAndSync(_ path: Path, _ bytes: [UInt8], mode: UInt32 = 0o600) throws(FileFault) {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let descriptor = try path.withCString(.append) { suture_open($0, flags, mode) }
        guard descriptor >= 0 else { throw .last(.append, path) }
        do throws(FileFault) {
            let before = try FileFacts(descriptor: descriptor, path: path).size
            do throws(FileFault) {
                try writeAll(bytes, to: descriptor, .append, path)
                try retryingInterrupts(.sync, path) { fdatasync(descriptor) }
            } catch {
                _ = ftruncate(descriptor, Int(before))
                throw error
            }
        } catch {
            close(descriptor)
            throw error
        }
        guard close(descriptor) == 0 else { throw .last(.close, path) }
    }

    /// Copies the rest of an open file to a new file on another file system, and tells each piece of it on the way.
    ///
    /// The bytes are on the disk on return; a copy that failed is taken away again. Answers the number of bytes.
    @discardableResult
    public static func copyHashing(
        from source: ByteFile, to target: Path, mode: UInt32 = 0o600, onChunk: (ArraySlice<UInt8>) -> Void
    ) throws(FileFault) -> Int {
        var total = 0
        try withNewFile(target, mode: mode, act: .copy, sync: true) { descriptor throws(FileFault) in
            while true {
                let chunk = try source.read(256 * 1024)
                guard !chunk.isEmpty else { return }
                onChunk(chunk[...])
                try writeAll(chunk, to: descriptor, .copy, target)
                total += chunk.count
            }
        }
        return total
    }

    /// Permits nobody else to read the files that this process makes.
    public static func restrictNewFiles() {
        umask(0o077)
    }

    /// Takes all rights of others to a file or directory away, and leaves its owner's as they are.
    ///
    /// Nothing is done to a link, to a file with another name elsewhere, or to what belongs to somebody else.
    public static func restrict(_ path: Path, keeping kept: UInt32 = 0o700) throws(FileFault) {
        guard let facts = try FileFacts.ifPresent(path) else { return }
        switch facts.kind {
        case .directory: break
        case .regular where facts.links == 1: break
        default: return
        }
        guard facts.owner == geteuid(), facts.mode & ~kept != 0 else { return }
        let mode = facts.mode & kept
        let answer = try path.withCString(.restrict) { fchmodat(AT_FDCWD, $0, mode, AT_SYMLINK_NOFOLLOW) }
        guard answer == 0 else { throw .last(.restrict, path) }
    }

    private static func withNewFile(
        _ path: Path, mode: UInt32, act: FileFault.Act, sync: Bool, _ body: (Int32) throws(FileFault) -> Void
    ) throws(FileFault) {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let descriptor = try path.withCString(act) { suture_open($0, flags, mode) }
        guard descriptor >= 0 else { throw .last(act, path) }
        var isOpen = true
        do throws(FileFault) {
            try body(descriptor)
            if sync {
                try retryingInterrupts(.sync, path) { fsync(descriptor) }
            }
            isOpen = false
            // Linux gives the descriptor back whatever close answers: never a second time.
            guard close(descriptor) == 0 else { throw FileFault.last(.close, path) }
        } catch {
            if isOpen {
                close(descriptor)
            }
            _ = try path.withCString(.unlink) { Glibc.unlink($0) }
            throw error
        }
    }

    static func writeAll(
        _ bytes: [UInt8], to descriptor: Int32, _ act: FileFault.Act, _ path: Path
    ) throws(FileFault) {
        var done = 0
        while done < bytes.count {
            let written = bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                done += written
            } else if errno != EINTR {
                throw .last(act, path)
            }
        }
    }
}

/// Repeats a call that a signal interrupted, and throws what else went wrong.
func retryingInterrupts(_ act: FileFault.Act, _ path: Path, _ call: () -> Int32) throws(FileFault) {
    while call() != 0 {
        guard errno == EINTR else { throw .last(act, path) }
    }
}
