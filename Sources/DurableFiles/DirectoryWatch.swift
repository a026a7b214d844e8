internal import CLinux
internal import Glibc

/// Waits for changes in directories, by inotify.
///
/// `wait` blocks its thread on purpose: give it a thread of its own. One thread waits; any thread may `wake` it. A watch
/// is a hint only: list the directories at the start, and again when `overflowed`.
public final class DirectoryWatch: Sendable {
    /// A change of one entry of a watched directory.
    public struct Change: Equatable, Sendable {
        /// What happened.
        public enum Kind: Equatable, Sendable {
            /// Somebody who had written the file closed it.
            case written
            /// A file or directory came in under this name, by a rename.
            case movedIn
            /// A file, directory or link was made.
            case created
            /// The name is gone, by a rename or for good.
            case gone
            /// The watched directory itself is gone, or was moved.
            case directoryGone
        }

        /// The directory, as it was added.
        public let directory: Path

        /// The name within it; empty for `.directoryGone`.
        public let name: [UInt8]

        /// What happened.
        public let kind: Kind

        /// Whether the name stands for a directory.
        public let isDirectory: Bool

        /// A change of the entry of this name.
        public init(directory: Path, name: [UInt8], kind: Kind, isDirectory: Bool) {
            self.directory = directory
            self.name = name
            self.kind = kind
            self.isDirectory = isDirectory
        }
    }

    /// What ended a wait.
    public struct Answer: Equatable, Sendable {
        /// The changes in their order; empty when the time was over.
        public var changes: [Change] = []

        /// The kernel dropped changes: list the directories again.
        public var overflowed = false

        /// `wake` was called.
        public var woken = false

        /// The answer of a wait in which nothing happened.
        public init() {}
    }

    /// The descriptor to which a signal handler may write eight bytes (a 64-bit 1) to end the wait.
    public let wakeDescriptor: Int32

    private let descriptor: Int32
    private let directories = WatchedDirectories()

    /// A watch over no directory yet.
    public init() throws(FileFault) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else { throw .last(.watch, Path("inotify")) }
        wakeDescriptor = suture_event()
        guard wakeDescriptor >= 0 else {
            let fault = FileFault.last(.watch, Path("eventfd"))
            close(descriptor)
            throw fault
        }
    }

    deinit {
        close(descriptor)
        close(wakeDescriptor)
    }

    /// Watches a directory too; once more is no harm.
    public func add(_ directory: Path) throws(FileFault) {
        let mask =
            IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
            | Int32(IN_ONLYDIR)
        let watch = try directory.withCString(.watch) { inotify_add_watch(descriptor, $0, UInt32(mask)) }
        guard watch >= 0 else { throw .last(.watch, directory) }
        directories.set(directory, for: watch)
    }

    /// Ends the wait that is under way, or the next one.
    public func wake() {
        var one: UInt64 = 1
        _ = write(wakeDescriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Waits for changes, for `wake`, or for the time to pass; without a time, for as long as it takes.
    public func wait(milliseconds: Int32? = nil) throws(FileFault) -> Answer {
        var answer = Answer()
        var waiting = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&waiting, 2, milliseconds ?? -1) >= 0 else {
            // A signal: tell it as a wake, so that the caller looks whether it is to stop.
            guard errno == EINTR else { throw .last(.watch, Path("inotify")) }
            answer.woken = true
            return answer
        }
        if waiting[1].revents != 0 {
            var count: UInt64 = 0
            answer.woken = read(wakeDescriptor, &count, MemoryLayout<UInt64>.size) > 0
        }
        if waiting[0].revents != 0 {
            try drain(into: &answer)
        }
        return answer
    }

    /// Reads the changes that are there, up to one buffer of them; the next wait returns at once with more.
    private func drain(into answer: inout Answer) throws(FileFault) {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = read(descriptor, &buffer, buffer.count)
        guard count >= 0 else {
            guard errno == EAGAIN || errno == EINTR else { throw .last(.watch, Path("inotify")) }
            return
        }
        var rest = buffer[..<count]
        let headerSize = MemoryLayout<inotify_event>.size
        while rest.count >= headerSize {
            let header = rest.withUnsafeBytes { $0.loadUnaligned(as: inotify_event.self) }
            let name = rest.dropFirst(headerSize).prefix(Int(header.len)).prefix { $0 != 0 }
            note(header, name: Array(name), in: &answer)
            rest = rest.dropFirst(headerSize + Int(header.len))
        }
    }

    private func note(_ event: inotify_event, name: [UInt8], in answer: inout Answer) {
        let mask = Int64(event.mask)
        guard mask & Int64(IN_Q_OVERFLOW) == 0 else {
            answer.overflowed = true
            return
        }
        guard let directory = directories[event.wd] else { return }
        guard mask & Int64(IN_IGNORED) == 0 else {
            directories.remove(event.wd)
            return
        }
        let kind: Change.Kind
        switch mask {
        case let mask where mask & Int64(IN_CLOSE_WRITE) != 0: kind = .written
        case let mask where mask & Int64(IN_MOVED_TO) != 0: kind = .movedIn
        case let mask where mask & Int64(IN_CREATE) != 0: kind = .created
        case let mask where mask & Int64(IN_MOVED_FROM | IN_DELETE) != 0: kind = .gone
        default: kind = .directoryGone
        }
        answer.changes.append(
            Change(directory: directory, name: name, kind: kind, isDirectory: mask & Int64(IN_ISDIR) != 0))
    }
}
