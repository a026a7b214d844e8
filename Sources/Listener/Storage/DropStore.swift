package import DurableFiles
import NIOPosix
import Synchronization

/// A folder of the inbox, as the listener uses it.
package struct Inbox: Hashable, Sendable {
    package let source: String
    package let folder: Path
    /// Larger messages are refused.
    package let maximumBytes: Int

    package init(source: String, folder: Path, maximumBytes: Int) {
        self.source = source
        self.folder = folder
        self.maximumBytes = maximumBytes
    }
}

/// Brings messages to the disk and into the inbox, on a thread of its own.
///
/// A message is written under a name that the inbox passes over, synced, renamed, and its folder synced; only then is
/// it stored. What waits meanwhile goes together: one sync of the folder serves all, so that many connections at once
/// cost little more than one.
package final class DropStore: Sendable {
    /// A message on its way to the disk; used on the store's thread alone.
    final class Upload: @unchecked Sendable {
        let inbox: Inbox
        fileprivate var part: Path?
        fileprivate var file: GrowingFile?

        init(_ inbox: Inbox) { self.inbox = inbox }
    }

    private enum Job: Sendable {
        case write([UInt8], Upload, @Sendable (Refusal?) -> Void)
        case store([UInt8], Upload, @Sendable (Result<DropName, Refusal>) -> Void)
        case discard(Upload)
    }

    private struct Queue {
        var jobs: [Job] = []
        var isWorking = false
    }

    /// Messages that are synced together.
    private static let group = 256

    private let names: DropNames
    private let disk: Disk
    private let log: @Sendable (String) -> Void
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let queue = Mutex(Queue())

    package init(names: DropNames, disk: Disk = .live, log: @escaping @Sendable (String) -> Void) {
        self.names = names
        self.disk = disk
        self.log = log
        thread.start()
    }

    /// Ends the thread when its work is done.
    package func close() throws {
        try thread.syncShutdownGracefully()
    }

    /// Takes away what a session that was killed left half written; no other session may be at work.
    package static func clean(_ inboxes: [Inbox]) throws {
        for inbox in inboxes where try Files.exists(inbox.folder) {
            for entry in try Files.list(inbox.folder) where entry.kind == .regular {
                let name = String(decoding: entry.name, as: UTF8.self)
                guard name.hasPrefix(".mllp-"), name.hasSuffix(".hl7.part") else { continue }
                try Files.unlink(inbox.folder / entry.name)
            }
        }
    }

    // MARK: - For connections

    /// Writes a piece of a message that is too long to be held.
    func write(_ bytes: [UInt8], of upload: Upload, then tell: @escaping @Sendable (Refusal?) -> Void) {
        enqueue(.write(bytes, upload, tell))
    }

    /// Writes the rest of a message and stores the whole.
    func store(
        _ bytes: [UInt8], of upload: Upload, then tell: @escaping @Sendable (Result<DropName, Refusal>) -> Void
    ) {
        enqueue(.store(bytes, upload, tell))
    }

    /// Takes away what was written of a message.
    func discard(_ upload: Upload) { enqueue(.discard(upload)) }

    // MARK: - On the thread

    private func enqueue(_ job: Job) {
        let isIdle = queue.withLock { queue in
            queue.jobs.append(job)
            defer { queue.isWorking = true }
            return !queue.isWorking
        }
        guard isIdle else { return }
        thread.submit { _ in self.work() }
    }

    private func work() {
        while true {
            let jobs = queue.withLock { queue in
                let taken = Array(queue.jobs.prefix(Self.group))
                queue.jobs.removeFirst(taken.count)
                queue.isWorking = !taken.isEmpty
                return taken
            }
            guard !jobs.isEmpty else { return }
            var group: [Delivery] = []
            for job in jobs {
                switch job {
                case .write(let bytes, let upload, let tell):
                    tell(refusal { () throws(FileFault) in try write(bytes, upload) })
                case .discard(let upload): discardNow(upload)
                case .store(let bytes, let upload, let tell):
                    group.append(Delivery(name: names.next(), bytes: bytes, upload: upload, tell: tell))
                }
            }
            deliver(group)
        }
    }

    private func write(_ bytes: [UInt8], _ upload: Upload) throws(FileFault) {
        if upload.file == nil {
            let part = upload.inbox.folder / names.next().part
            upload.file = try GrowingFile(part)
            upload.part = part
        }
        try upload.file?.write(bytes)
    }

    /// A message of a group, and how far it has come.
    private struct Delivery {
        let name: DropName
        let bytes: [UInt8]
        let upload: Upload
        let tell: @Sendable (Result<DropName, Refusal>) -> Void
        var target: Path { upload.inbox.folder / name.file }
    }

    private func deliver(_ group: [Delivery]) {
        // All are written before the first is synced: its sync takes most of the others' bytes along.
        let written = surviving(group) { delivery throws(FileFault) in
            try write(delivery.bytes, delivery.upload)
            try delivery.upload.file?.finish(sync: false)
        }
        let synced = surviving(written) { delivery throws(FileFault) in
            if let part = delivery.upload.part { try disk.syncFile(part) }
        }
        let renamed = surviving(synced) { delivery throws(FileFault) in
            if let part = delivery.upload.part { try disk.rename(part, delivery.target) }
            delivery.upload.part = nil
        }
        var failed: [Path: Refusal] = [:]
        for folder in Set(renamed.map(\.upload.inbox.folder)) {
            failed[folder] = refusal { () throws(FileFault) in try disk.syncFolder(folder) }
        }
        for delivery in renamed {
            guard let refusal = failed[delivery.upload.inbox.folder] else {
                delivery.tell(.success(delivery.name))
                continue
            }
            // Nobody knows whether its name would outlive a power cut. Unless the processor was faster it goes.
            delivery.upload.part = delivery.target
            discardNow(delivery.upload)
            delivery.tell(.failure(refusal))
        }
    }

    /// Does a step for each message; those for which it fails are refused and go no further.
    private func surviving(
        _ group: [Delivery], _ step: (Delivery) throws(FileFault) -> Void
    ) -> [Delivery] {
        group.filter { delivery in
            guard let refusal = refusal({ () throws(FileFault) in try step(delivery) }) else { return true }
            discardNow(delivery.upload)
            delivery.tell(.failure(refusal))
            return false
        }
    }

    private func refusal(_ act: () throws(FileFault) -> Void) -> Refusal? {
        do throws(FileFault) {
            try act()
            return nil
        } catch {
            log("\(error)")
            return .notStored(error.reason.text)
        }
    }

    private func discardNow(_ upload: Upload) {
        upload.file = nil
        guard let part = upload.part else { return }
        upload.part = nil
        do throws(FileFault) {
            if try Files.exists(part) { try Files.unlink(part) }
        } catch {
            log("\(error)")
        }
    }
}
