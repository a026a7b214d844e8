internal import Synchronization

/// The directory behind each number that inotify gave out.
final class WatchedDirectories: Sendable {
    private let paths = Mutex<[Int32: Path]>([:])

    subscript(watch: Int32) -> Path? {
        paths.withLock { $0[watch] }
    }

    func set(_ path: Path, for watch: Int32) {
        paths.withLock { $0[watch] = path }
    }

    func remove(_ watch: Int32) {
        paths.withLock { $0[watch] = nil }
    }
}
