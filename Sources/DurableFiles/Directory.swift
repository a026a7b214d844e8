internal import CLinux
internal import Glibc

/// One entry of a directory.
public struct DirectoryEntry: Equatable, Sendable {
    /// The name as the kernel has it.
    public let name: [UInt8]

    /// The kind of the file; a symbolic link is told as one.
    public let kind: FileFacts.Kind

    /// An entry of this name and kind.
    public init(name: [UInt8], kind: FileFacts.Kind) {
        self.name = name
        self.kind = kind
    }
}

/// A directory held open, so that the files opened beneath it lie in this one, whatever becomes of its name.
public final class Directory: Sendable {
    /// The path by which it was opened, for faults.
    public let path: Path

    let descriptor: Int32

    /// Opens a directory.
    public init(_ path: Path) throws(FileFault) {
        let opened = try path.withCString(.open) { suture_open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
        guard opened >= 0 else { throw .last(.open, path) }
        self.path = path
        descriptor = opened
    }

    /// Keeps a directory that was opened already.
    init(descriptor: Int32, path: Path) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// Opens a regular file with one name beneath this directory for reading; anything else is refused by its kind.
    ///
    /// No symbolic link is followed, not even one on the way, and nothing is waited for: a pipe without a writer is
    /// refused at once. Which file was opened is asked of the open file, so that nobody can swap it in between.
    public func openBeneath(_ name: [UInt8]) throws(FileFault) -> ByteFile {
        let place = path / name
        let opened = try open(name, at: place)
        let file = ByteFile(descriptor: opened, path: place)
        let facts = try file.facts()
        switch facts.kind {
        case .regular: break
        case .directory: throw FileFault(.open, place, .directory)
        case .symbolicLink: throw FileFault(.open, place, .symbolicLink)
        case .pipe: throw FileFault(.open, place, .pipe)
        case .socket: throw FileFault(.open, place, .socket)
        case .device: throw FileFault(.open, place, .device)
        }
        guard facts.links == 1 else { throw FileFault(.open, place, .severalLinks(facts.links)) }
        return file
    }

    /// The kernel answers EAGAIN when a rename somewhere kept it from proving that the name stays beneath.
    private func open(_ name: [UInt8], at place: Path) throws(FileFault) -> Int32 {
        var attempts = 0
        while true {
            let opened = try Path(name).withCString(.open) { suture_open_beneath(descriptor, $0) }
            if opened >= 0 {
                return opened
            }
            attempts += 1
            switch errno {
            case EINTR: continue
            case EAGAIN where attempts < 100: continue
            case ELOOP: throw FileFault(.open, place, .symbolicLink)
            case EXDEV: throw FileFault(.open, place, .escapes)
            case ENXIO: throw FileFault(.open, place, .socket)
            default: throw .last(.open, place)
            }
        }
    }

    /// Brings the names in this directory to the disk.
    public func sync() throws(FileFault) {
        try retryingInterrupts(.sync, path) { fsync(descriptor) }
    }
}

extension Files {
    /// The entries of a directory in the order of their bytes, without "." and "..".
    public static func list(_ directory: Path) throws(FileFault) -> [DirectoryEntry] {
        guard let stream = try directory.withCString(.list, { opendir($0) }) else { throw .last(.list, directory) }
        return try list(stream, of: directory)
    }

    /// The entries of an open directory.
    static func list(_ directory: Directory) throws(FileFault) -> [DirectoryEntry] {
        let copy = fcntl(directory.descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .last(.list, directory.path) }
        guard let stream = fdopendir(copy) else {
            let fault = FileFault.last(.list, directory.path)
            close(copy)
            throw fault
        }
        return try list(stream, of: directory.path)
    }

    private static func list(_ stream: OpaquePointer, of directory: Path) throws(FileFault) -> [DirectoryEntry] {
        defer { closedir(stream) }
        var entries: [DirectoryEntry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw .last(.list, directory) }
                break
            }
            let start = suture_entry_name(entry)
            let name = UnsafeBufferPointer(start: start, count: start.map { strlen($0) } ?? 0).map {
                UInt8(bitPattern: $0)
            }
            guard name != Array(".".utf8), name != Array("..".utf8) else { continue }
            guard let kind = try kind(of: entry.pointee.d_type, at: directory / name) else { continue }
            entries.append(DirectoryEntry(name: name, kind: kind))
        }
        return entries.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// The kind of an entry; nil if it has gone since the directory was read.
    private static func kind(of type: UInt8, at path: Path) throws(FileFault) -> FileFacts.Kind? {
        switch Int(type) {
        case Int(DT_REG): return .regular
        case Int(DT_DIR): return .directory
        case Int(DT_LNK): return .symbolicLink
        case Int(DT_FIFO): return .pipe
        case Int(DT_SOCK): return .socket
        case Int(DT_CHR), Int(DT_BLK): return .device
        default: break
        }
        // Some file systems do not tell the kind in the directory.
        do {
            return try FileFacts(path).kind
        } catch {
            guard error.reason == .missing else { throw error }
            return nil
        }
    }
}
