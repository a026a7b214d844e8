import DurableFiles
import Testing

@Suite("Paths")
struct PathTests {
    @Test(
        "a path knows its name and its directory",
        arguments: [
            ("/a/b", "b", "/a"), ("/a/b/", "b", "/a"), ("/a", "a", "/"), ("a", "a", "."), ("a//b", "b", "a"),
            ("/", "", "/"), ("//", "", "/"), ("", "", "."),
        ])
    func parts(path: String, name: String, parent: String) {
        #expect(Path(path).name == Array(name.utf8))
        #expect(Path(path).parent == Path(parent))
    }

    @Test("a slash joins a directory and a name once")
    func joining() {
        #expect(Path("/a") / "b" == Path("/a/b"))
        #expect(Path("/") / "b" == Path("/b"))
        #expect(Path("a/") / [0xff] == Path(Array("a/".utf8) + [0xff]))
        #expect(Path("") / "b" == Path("b"))
    }

    @Test("what could forge a line of a log is escaped")
    func escaping() {
        #expect(Path(Array("a\n\u{1b}[2Jü\\".utf8) + [0xff]).description == "a\\x0a\\x1b\\x5b2J\\xc3\\xbc\\x5c\\xff")
    }

    @Test("twins in Unicode are two paths")
    func twins() {
        #expect(Path("\u{fc}") != Path("u\u{308}"))
        #expect(Path("a") < Path("b"))
    }

    @Test("a path with a NUL reaches no system call")
    func embeddedNUL() {
        let path = Path(Array("/tmp".utf8) + [0] + Array("x".utf8))
        #expect(reason { _ = try FileFacts(path) } == .hasNUL)
        #expect(reason { try Files.renameNoReplace(from: Path("/tmp/none"), to: path) } == .hasNUL)
    }
}
