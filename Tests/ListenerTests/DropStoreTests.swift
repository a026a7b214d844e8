import DurableFiles
import Glibc
import Synchronization
import Testing

@testable import Listener

@Suite("Messages on the disk")
struct DropStoreTests {
    /// Stores messages one behind the other without waiting, then waits for all; answers in the order of the messages.
    private func store(_ messages: [[UInt8]], _ inbox: Inbox, _ store: DropStore) async -> [Result<DropName, Refusal>] {
        await withTaskGroup(of: (Int, Result<DropName, Refusal>).self) { group in
            for (index, message) in messages.enumerated() {
                group.addTask {
                    let upload = DropStore.Upload(inbox)
                    return await withCheckedContinuation { continuation in
                        store.store(message, of: upload) { continuation.resume(returning: (index, $0)) }
                    }
                }
            }
            var results: [Int: Result<DropName, Refusal>] = [:]
            for await (index, result) in group { results[index] = result }
            return messages.indices.compactMap { results[$0] }
        }
    }

    private func isFailure(_ result: Result<DropName, Refusal>) -> Bool {
        if case .failure(.notStored) = result { true } else { false }
    }

    @Test("what is stored lies in the inbox under its name, whole, and nothing else does")
    func stored() async throws {
        let scratch = try Scratch()
        let inbox = try scratch.inbox()
        let drops = DropStore(names: DropNames(session: 3)) { _ in }
        let messages = (0..<300).map { Sample.message("M\($0)") }
        let results = await store(messages, inbox, drops)
        for (message, result) in zip(messages, results) {
            let name = try result.get()
            #expect(try Files.read(inbox.folder / name.file, cap: 1 << 20) == message)
        }
        #expect(try scratch.names(in: inbox).count == 300)
        try drops.close()
    }

    @Test("the names of one connection's messages sort in the order in which they came")
    func ordered() async throws {
        let scratch = try Scratch()
        let inbox = try scratch.inbox()
        let drops = DropStore(names: DropNames(session: 3)) { _ in }
        let messages = (0..<12).map { Sample.message("M\($0)") }
        for message in messages { _ = await store([message], inbox, drops) }
        #expect(try scratch.messages(in: inbox) == messages)
        try drops.close()
    }

    @Test("a message in pieces is written as it comes, and is in the inbox only when it is whole")
    func pieces() async throws {
        let scratch = try Scratch()
        let inbox = try scratch.inbox()
        let drops = DropStore(names: DropNames(session: 3)) { _ in }
        let upload = DropStore.Upload(inbox)
        let refusal = await withCheckedContinuation { continuation in
            drops.write(Array("MSH|".utf8), of: upload) { continuation.resume(returning: $0) }
        }
        #expect(refusal == nil)
        #expect(try scratch.names(in: inbox).allSatisfy { $0.hasPrefix(".") && $0.hasSuffix(".part") })
        let result = await withCheckedContinuation { continuation in
            drops.store(Array("rest\r".utf8), of: upload) { continuation.resume(returning: $0) }
        }
        let name = try result.get()
        #expect(try scratch.names(in: inbox) == [name.file])
        #expect(try scratch.messages(in: inbox) == [Array("MSH|rest\r".utf8)])
        try drops.close()
    }

    @Test("a message whose file cannot be synced is refused and leaves nothing; the others of its group are stored")
    func syncFails() async throws {
        let scratch = try Scratch()
        let inbox = try scratch.inbox()
        let calls = Mutex(0)
        var disk = Disk.live
        disk.syncFile = { path throws(FileFault) in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            if call == 3 { throw FileFault(.sync, path, .system(EIO)) }
            try Disk.live.syncFile(path)
        }
        let drops = DropStore(names: DropNames(session: 3), disk: disk) { _ in }
        let results = await store((0..<5).map { Sample.message("M\($0)") }, inbox, drops)
        #expect(results.count(where: isFailure) == 1)
        #expect(try scratch.names(in: inbox).count == 4)
        #expect(try scratch.names(in: inbox).allSatisfy { !$0.hasPrefix(".") })
        try drops.close()
    }

    @Test("messages whose folder cannot be synced are refused, and leave nothing")
    func folderSyncFails() async throws {
        let scratch = try Scratch()
        let inbox = try scratch.inbox()
        var disk = Disk.live
        disk.syncFolder = { path throws(FileFault) in throw FileFault(.sync, path, .system(EIO)) }
        let drops = DropStore(names: DropNames(session: 3), disk: disk) { _ in }
        let results = await store([Sample.message("M1"), Sample.message("M2")], inbox, drops)
        #expect(results.allSatisfy(isFailure))
        #expect(try scratch.names(in: inbox).isEmpty)
        try drops.close()
    }

    @Test("a disk that is full refuses with that reason")
    func full() async throws {
        let scratch = try Scratch()
        let inbox = try scratch.inbox()
        var disk = Disk.live
        disk.rename = { _, to throws(FileFault) in throw FileFault(.rename, to, .noSpace) }
        let drops = DropStore(names: DropNames(session: 3), disk: disk) { _ in }
        let results = await store([Sample.message("M1")], inbox, drops)
        #expect(results == [.failure(.notStored("No space left on device"))])
        #expect(try scratch.names(in: inbox).isEmpty)
        try drops.close()
    }

    @Test("what is discarded, or was left half written by a session that was killed, is taken away")
    func clean() throws {
        let scratch = try Scratch()
        let inbox = try scratch.inbox()
        try Files.writeNew(inbox.folder / ".mllp-0000000001-0000000009.hl7.part", Array("MSH|".utf8))
        try Files.writeNew(inbox.folder / ".other.part", [])
        try Files.writeNew(inbox.folder / "mllp-0000000001-0000000008.hl7", Array("MSH|".utf8))
        try DropStore.clean([inbox])
        #expect(try scratch.names(in: inbox) == [".other.part", "mllp-0000000001-0000000008.hl7"])
    }

    @Test("every session begins above the last, whatever the clock says")
    func sessions() throws {
        let scratch = try Scratch()
        let file = scratch.path / "session"
        func begin(_ clock: Int64) throws -> Int64 {
            let names = try DropNames.beginSession(file: file, wallSeconds: clock)
            return names.next().session
        }
        #expect(try begin(1000) == 1000)
        #expect(try begin(1000) == 1001)
        #expect(try begin(5) == 1002)
        #expect(try begin(2000) == 2000)
        let names = [DropName(session: 999, number: 7), DropName(session: 1000, number: 10)]
        #expect(names.map(\.file) == names.map(\.file).sorted())
        #expect(names[0].controlID.utf8.count == 20)
    }
}
