import DurableFiles
import Glibc
import Testing

@Suite("Opening what others dropped")
struct OpeningTests {
    private let place: TemporaryDirectory
    private let directory: Directory

    init() throws {
        place = try TemporaryDirectory()
        directory = try Directory(place.path)
    }

    @Test("a regular file with one name is opened and read")
    func regular() throws {
        try Files.writeNew(place.path / "plain", Array("MSH|".utf8))
        let file = try directory.openBeneath(Array("plain".utf8))
        #expect(try file.readAll(cap: 4) == Array("MSH|".utf8))
        #expect(try file.facts().size == 4)
    }

    @Test("a name that is not UTF-8 is a name like any other")
    func oddName() throws {
        let name: [UInt8] = [0xff, 0x0a, 0xfe, UInt8(ascii: "-")]
        try Files.writeNew(place.path / name, [1])
        #expect(try Files.list(place.path) == [DirectoryEntry(name: name, kind: .regular)])
        #expect(try directory.openBeneath(name).readAll(cap: 10) == [1])
    }

    @Test("a symbolic link is refused, at the end of a name and on the way")
    func symbolicLinks() throws {
        try Files.makeDirectory(place.path / "real")
        try Files.writeNew(place.path / "real" / "file", [1])
        #expect(place.withText("link") { symlink("real/file", $0) } == 0)
        #expect(place.withText("way") { symlink("real", $0) } == 0)
        #expect(reason { _ = try directory.openBeneath(Array("link".utf8)) } == .symbolicLink)
        #expect(reason { _ = try directory.openBeneath(Array("way/file".utf8)) } == .symbolicLink)
        #expect(try directory.openBeneath(Array("real/file".utf8)).readAll(cap: 9) == [1])
    }

    @Test("a named pipe is refused at once, without a writer to wait for")
    func pipes() throws {
        #expect(place.withText("pipe") { mkfifo($0, 0o600) } == 0)
        #expect(reason { _ = try directory.openBeneath(Array("pipe".utf8)) } == .pipe)
    }

    @Test("a directory is refused")
    func directories() throws {
        try Files.makeDirectory(place.path / "folder")
        #expect(reason { _ = try directory.openBeneath(Array("folder".utf8)) } == .directory)
    }

    @Test("a socket is refused")
    func sockets() throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = (place.path / "socket").bytes
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path + [0]) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        #expect(reason { _ = try directory.openBeneath(Array("socket".utf8)) } == .socket)
        #expect(try Files.list(place.path).map(\.kind) == [.socket])
    }

    @Test("a device is refused")
    func devices() throws {
        #expect(reason { _ = try Directory(Path("/dev")).openBeneath(Array("null".utf8)) } == .device)
    }

    @Test("a file with two names is refused")
    func hardLinks() throws {
        try Files.writeNew(place.path / "one", [1])
        #expect(place.withText("one") { one in place.withText("two") { link(one, $0) } } == 0)
        #expect(reason { _ = try directory.openBeneath(Array("one".utf8)) } == .severalLinks(2))
    }

    @Test("a name cannot lead out of its directory", arguments: ["../x", "/etc/passwd", "a/../../x"])
    func escapes(name: String) throws {
        try Files.makeDirectory(place.path / "a")
        #expect(reason { _ = try directory.openBeneath(Array(name.utf8)) } == .escapes)
    }

    @Test("a missing file is told as missing, with the act and the path")
    func missing() throws {
        do {
            _ = try directory.openBeneath(Array("none".utf8))
            Issue.record("opened")
        } catch {
            #expect(error == FileFault(.open, place.path / "none", .missing))
            #expect(error.description == "open \(place.path)/none: No such file or directory")
        }
    }

    @Test("more bytes than the cap are refused, and reading can start again")
    func caps() throws {
        try Files.writeNew(place.path / "plain", [1, 2, 3])
        let file = try ByteFile(place.path / "plain")
        #expect(reason { _ = try file.readAll(cap: 2) } == .tooLarge(2))
        try file.seek(to: 1)
        #expect(try file.read(1) == [2])
        #expect(try file.readAll(cap: 1) == [3])
        #expect(try file.read(1) == [])
        #expect(try file.readAll(cap: 0) == [])
    }
}
