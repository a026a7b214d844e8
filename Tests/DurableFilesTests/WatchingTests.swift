import DurableFiles
import Glibc
import Testing

@Suite("Locks, leases and watches")
struct WatchingTests {
    private let place: TemporaryDirectory

    init() throws {
        place = try TemporaryDirectory()
    }

    @Test("a lock is held by one, and free again when that one is gone")
    func locks() throws {
        let path = place.path / "lock"
        do {
            let first = try ExclusiveLock(path)
            #expect(reason { _ = try ExclusiveLock(path) } == .held)
            withExtendedLifetime(first) {}
        }
        #expect(reason { _ = try ExclusiveLock(path) } == nil)
        #expect(try Files.exists(path))
    }

    @Test("a writer is seen while it has the file open, and no longer")
    func writers() throws {
        let path = place.path / "drop"
        try Files.writeNew(path, [1])
        let file = try ByteFile(path)
        // A process that another test starts at this moment holds every open file for an instant.
        #expect(eventually { file.writers() == .none })
        let writer = place.withText("drop") { open($0, O_WRONLY) }
        #expect(file.writers() == .some)
        close(writer)
        #expect(eventually { file.writers() == .none })
    }

    /// Asks until it is so, at most a few seconds long.
    private func eventually(_ condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline { if condition() { return true } }
        return condition()
    }

    @Test("a file without leases is told as unknown")
    func unknownWriters() throws {
        guard case .unknown = try ByteFile(Path("/dev/null")).writers() else {
            Issue.record("a device gave a lease")
            return
        }
    }

    @Test("what happens in a watched directory is told in its order")
    func changes() throws {
        let watch = try DirectoryWatch()
        try watch.add(place.path)
        try watch.add(place.path)
        try Files.writeNew(place.path / "part", [1])
        try Files.renameNoReplace(from: place.path / "part", to: place.path / [0xff])
        try Files.makeDirectory(place.path / "folder")
        try Files.unlink(place.path / [0xff])
        let answer = try watch.wait(milliseconds: 5000)
        func change(_ name: [UInt8], _ kind: DirectoryWatch.Change.Kind, folder: Bool = false) -> DirectoryWatch.Change
        {
            DirectoryWatch.Change(directory: place.path, name: name, kind: kind, isDirectory: folder)
        }
        let part = Array("part".utf8)
        #expect(
            answer.changes == [
                change(part, .created), change(part, .written), change(part, .gone), change([0xff], .movedIn),
                change(Array("folder".utf8), .created, folder: true), change([0xff], .gone),
            ])
        #expect(!answer.overflowed)
        #expect(!answer.woken)
    }

    @Test("a wait ends when its time is over, and when it is woken")
    func endings() throws {
        let watch = try DirectoryWatch()
        #expect(try watch.wait(milliseconds: 1) == DirectoryWatch.Answer())
        watch.wake()
        watch.wake()
        #expect(try watch.wait().woken)
        #expect(try !watch.wait(milliseconds: 0).woken)
    }

    @Test("a wait is woken from another thread")
    func wokenElsewhere() async throws {
        let watch = try DirectoryWatch()
        async let woken = Task.detached { try watch.wait(milliseconds: 20_000).woken }.value
        watch.wake()
        #expect(try await woken)
    }

    @Test("a watched directory that goes away is told")
    func directoryGone() throws {
        let watch = try DirectoryWatch()
        let folder = place.path / "folder"
        try Files.makeDirectory(folder)
        try watch.add(folder)
        #expect(place.withText("folder") { rmdir($0) } == 0)
        #expect(try watch.wait(milliseconds: 5000).changes.map(\.kind) == [.directoryGone])
        #expect(reason { try watch.add(folder) } == .missing)
    }

    @Test("a process without core dumps has none")
    func coreDumps() async {
        // In a process of its own: the other tests shall keep their backtraces.
        await #expect(processExitsWith: .success) {
            try Files.disableCoreDumps()
            var limit = rlimit()
            #expect(getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0)
            #expect(limit.rlim_cur == 0)
            #expect(limit.rlim_max == 0)
        }
    }
}
