import Foundation
import Testing

/// Small file systems of memory, which can be full.
struct SmallDisk {
    let folder: URL

    /// Mounts one on a folder, which is made if need be.
    init(at folder: URL? = nil, size: String) throws {
        self.folder =
            folder ?? FileManager.default.temporaryDirectory.appendingPathComponent("disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        try Bench.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(size),mode=0700", "tmpfs", self.folder.path])
            .expectSuccess()
    }

    func resize(to size: String) throws {
        try Bench.run("/bin/mount", ["-o", "remount,size=\(size)", folder.path]).expectSuccess()
    }

    /// Takes all room but so many bytes.
    func fill(leaving bytes: Int = 0) throws {
        let file = folder.appendingPathComponent(".filler")
        _ = try Bench.run("/bin/dd", ["if=/dev/zero", "of=\(file.path)", "bs=4096"])
        let handle = try FileHandle(forWritingTo: file)
        let size = try handle.seekToEnd()
        try handle.truncate(atOffset: UInt64(max(0, Int(size) - bytes)))
        try handle.close()
    }

    func free() throws { try FileManager.default.removeItem(at: folder.appendingPathComponent(".filler")) }

    func unmount() throws {
        try Bench.run("/bin/umount", [folder.path]).expectSuccess()
    }

    /// Whether this user may mount file systems here; most may not.
    static let isPossible: Bool = {
        guard getuid() == 0, let disk = try? SmallDisk(size: "64k") else { return false }
        return (try? disk.unmount()) != nil
    }()
}

/// A full disk stops the processor with a word about it; with room again all is done, once.
@Suite("Full disks", .serialized, .enabled(if: SmallDisk.isPossible, "mounting a small tmpfs needs root"))
struct FullDiskTests {
    @Test(
        "the workspace's disk is full at one place or another, and after room was made nothing is lost or doubled",
        arguments: Bench.isExhaustive ? Array(stride(from: 0, through: 1280, by: 32)) : [0, 128, 512, 1024])
    func workspace(kilobytes: Int) throws {
        let start = try Bench()
        try start.drop(fixtures: "one-patient/csv")
        let whole = try Bench(copying: start)
        let expected = try Outcome(whole)

        let disk = try SmallDisk(size: "24m")
        try {
            let bench = try Bench(copying: start, to: disk.folder.appendingPathComponent("workspace"))
            try disk.fill(leaving: kilobytes << 10)
            let answer = try Bench.suture(["run", "--once", "--workspace", bench.folder.path, "--now", Bench.now])
            #expect(answer.status != 0, "\(kilobytes) KiB should be too little")
            #expect(answer.status < 128, "it ends by itself")
            #expect(answer.errors.contains("suture: "))
            // A second try on the full disk does no harm either.
            #expect(
                try Bench.suture(["run", "--once", "--workspace", bench.folder.path, "--now", Bench.now]).status != 0)
            try disk.free()
            #expect(try Outcome(bench) == expected)
        }()
        try disk.unmount()
    }

    @Test("the outbox is another file system and full: what did not fit follows when there is room")
    func outbox() throws {
        let start = try Bench()
        try start.drop(fixtures: "one-patient/csv")
        let whole = try Bench(copying: start)
        let expected = try Outcome(whole)

        let bench = try Bench(copying: start)
        let disk = try SmallDisk(at: bench.folder.appendingPathComponent("outbox"), size: "64k")
        let answer = try Bench.suture(["run", "--once", "--workspace", bench.folder.path, "--now", Bench.now])
        #expect(answer.status == 74)
        #expect(answer.errors.contains("No space left"), "\(answer.errors)")
        let replaced = try bench.sql("SELECT folder || '/' || name FROM outbound WHERE replaces").split(separator: "\n")
        let delivered = try bench.files("outbox").filter { !replaced.contains(Substring($0.key)) }
        #expect(!delivered.isEmpty, "what fitted is there")
        for (name, bytes) in delivered { #expect(bytes == expected.outbox[name], "\(name) is whole") }
        try disk.resize(to: "16m")
        #expect(try Outcome(bench) == expected)
        try disk.unmount()
    }

    @Test(
        "killed while it delivers to an outbox or takes from an inbox on another file system, it does each once",
        arguments: ["outbox", "inbox"], ["rename", "renameat2", "unlink", "fsync"])
    func otherFileSystem(folder: String, call: String) throws {
        let start = try Bench()
        try start.drop(fixtures: "one-patient/csv")
        let whole = try Bench(copying: start)
        let expected = try Outcome(whole)
        for point in Bench.isExhaustive ? Array(1...40) : [1, 3, 12] {
            let bench = try Bench(copying: start)
            let inbox = try bench.files("inbox")
            let disk = try SmallDisk(at: bench.folder.appendingPathComponent(folder), size: "16m")
            if folder == "inbox" { for (name, bytes) in inbox { try bench.drop(Array(bytes), as: name) } }
            let arguments = [
                "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=KILL:when=\(point)",
                Bench.program.path, "run", "--once", "--workspace", bench.folder.path, "--now", Bench.now,
            ]
            _ = try Bench.run("/usr/bin/strace", arguments)
            #expect(try Outcome(bench) == expected, "\(call) \(point)")
            #expect(try bench.sql("SELECT count(*) FROM drops") == whole.sql("SELECT count(*) FROM drops"))
            try disk.unmount()
        }
    }

    @Test("a folder, a link and a pipe in an inbox on another file system are refused, and the good file is taken")
    func unfitElsewhere() throws {
        let bench = try Bench()
        let disk = try SmallDisk(at: bench.folder.appendingPathComponent("inbox"), size: "16m")
        try bench.drop(Sample.stock("X"), as: "folder/stock.csv")
        try FileManager.default.createSymbolicLink(atPath: bench.path("inbox/link"), withDestinationPath: "none")
        #expect(mkfifo(bench.path("inbox/pipe"), 0o600) == 0)
        try bench.drop(Sample.stock("GOOD"), as: "good.csv")
        let summary = try bench.drain()
        #expect(summary.drops["quarantined"] == 3)
        #expect(summary.entries["applied"] == 1)
        #expect(try bench.findings().map(\.code) == .init(repeating: "drop.not-a-regular-file", count: 3))
        #expect(try bench.drain().drops["seen"] == 0)
        try disk.unmount()
    }
}
