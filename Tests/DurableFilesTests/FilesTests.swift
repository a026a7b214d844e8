import DurableFiles
import Glibc
import Testing

@Suite("Names and directories")
struct FilesTests {
    private let place: TemporaryDirectory

    init() throws {
        place = try TemporaryDirectory()
    }

    @Test("a directory is listed in the order of bytes, with the kinds of its entries")
    func listing() throws {
        try Files.writeNew(place.path / "b", [])
        try Files.writeNew(place.path / "B", [])
        try Files.makeDirectory(place.path / "a")
        #expect(place.withText("z") { symlink("nowhere", $0) } == 0)
        #expect(place.withText("p") { mkfifo($0, 0o600) } == 0)
        try Files.writeNew(place.path / [0x80], [])
        let entries = try Files.list(place.path)
        #expect(entries.map(\.name) == [[0x42], [0x61], [0x62], [0x70], [0x7a], [0x80]])
        #expect(entries.map(\.kind) == [.regular, .directory, .regular, .pipe, .symbolicLink, .regular])
        #expect(reason { _ = try Files.list(place.path / "none") } == .missing)
    }

    @Test("the facts about a file are its own, and those of a link are the link's")
    func facts() throws {
        try Files.writeNew(place.path / "file", [1, 2, 3], mode: 0o640)
        #expect(place.withText("link") { symlink("file", $0) } == 0)
        let facts = try FileFacts(place.path / "file")
        #expect(facts.kind == .regular)
        #expect(facts.size == 3)
        #expect(facts.links == 1)
        #expect(facts.owner == getuid())
        #expect(facts.mode & 0o600 == 0o600)
        #expect(facts.modified > 1_700_000_000_000_000_000)
        #expect(try ByteFile(place.path / "file").facts() == facts)
        #expect(try FileFacts(place.path / "link").kind == .symbolicLink)
        #expect(try Files.exists(place.path / "file"))
        #expect(try !Files.exists(place.path / "none"))
    }

    @Test("a name that is taken is not given away")
    func renameNoReplace() throws {
        try Files.writeNew(place.path / "from", [1])
        try Files.writeNew(place.path / "to", [2])
        #expect(
            reason { try Files.renameNoReplace(from: place.path / "from", to: place.path / "to") } == .alreadyExists)
        #expect(try Files.read(place.path / "to", cap: 9) == [2])
        try Files.renameNoReplace(from: place.path / "from", to: place.path / "free")
        #expect(try Files.read(place.path / "free", cap: 9) == [1])
        #expect(try !Files.exists(place.path / "from"))
        try Files.renameReplacing(from: place.path / "free", to: place.path / "to")
        #expect(try Files.read(place.path / "to", cap: 9) == [1])
        #expect(reason { try Files.renameNoReplace(from: place.path / "no", to: place.path / "x") } == .missing)
    }

    @Test("another file system is told apart", .enabled(if: access("/dev/shm", W_OK) == 0))
    func otherFileSystem() throws {
        let there = Path("/dev/shm/suture-files-\(getpid())")
        let here = try FileFacts(place.path)
        try #require(FileFacts(Path("/dev/shm")).device != here.device)
        try Files.writeNew(place.path / "from", [1, 2])
        #expect(reason { try Files.renameNoReplace(from: place.path / "from", to: there) } == .otherFileSystem)
        var told: [UInt8] = []
        defer { unlink(String(decoding: there.bytes, as: UTF8.self)) }
        try Files.copyHashing(from: ByteFile(place.path / "from"), to: there) { told += $0 }
        #expect(told == [1, 2])
        #expect(try Files.read(there, cap: 2) == [1, 2])
    }

    @Test("directories are made with those above them, and making them again is no harm")
    func makingDirectories() throws {
        let deep = place.path / "a" / "b" / "c"
        #expect(reason { try Files.makeDirectory(deep, parents: false) } == .missing)
        try Files.makeDirectory(deep)
        try Files.makeDirectory(deep)
        #expect(try FileFacts(deep).kind == .directory)
        #expect(try FileFacts(place.path / "a").mode == 0o700)
        try Files.writeNew(place.path / "file", [])
        #expect(reason { try Files.makeDirectory(place.path / "file") } == .alreadyExists)
        try Files.syncDirectory(deep)
    }

    @Test("a new file has its bytes and its mode, and its name must be free")
    func writing() throws {
        let bytes = [UInt8](repeating: 7, count: 300_000)
        try Files.writeNew(place.path / "file", bytes)
        #expect(try Files.read(place.path / "file", cap: 300_000) == bytes)
        #expect(try FileFacts(place.path / "file").mode == 0o600)
        #expect(reason { try Files.writeNew(place.path / "file", [1]) } == .alreadyExists)
        #expect(try FileFacts(place.path / "file").size == 300_000)
        try Files.unlink(place.path / "file")
        #expect(reason { try Files.unlink(place.path / "file") } == .missing)
        try Files.writeNew(place.path / "empty", [], sync: false)
        #expect(try FileFacts(place.path / "empty").size == 0)
    }

    @Test("what is appended follows what is there, and no link is followed")
    func appending() throws {
        try Files.appendAndSync(place.path / "log", [1])
        try Files.appendAndSync(place.path / "log", [2, 3])
        #expect(try Files.read(place.path / "log", cap: 9) == [1, 2, 3])
        #expect(place.withText("link") { symlink("log", $0) } == 0)
        #expect(reason { try Files.appendAndSync(place.path / "link", [4]) } == .system(ELOOP))
    }

    @Test("a copy tells its bytes in order, and its name must be free")
    func copying() throws {
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Files.writeNew(place.path / "from", bytes)
        var told: [UInt8] = []
        let count = try Files.copyHashing(from: ByteFile(place.path / "from"), to: place.path / "to") { told += $0 }
        #expect(count == bytes.count)
        #expect(told == bytes)
        #expect(try Files.read(place.path / "to", cap: count) == bytes)
        #expect(
            reason {
                try Files.copyHashing(from: ByteFile(place.path / "from"), to: place.path / "to") { _ in }
            } == .alreadyExists)
        #expect(try FileFacts(place.path / "to").size == Int64(bytes.count))
    }

    @Test("a disk that is full is told as such", .enabled(if: access("/dev/full", W_OK) == 0))
    func fullDisk() throws {
        #expect(reason { try Files.appendAndSync(Path("/dev/full"), [1]) } == .noSpace)
    }
}
