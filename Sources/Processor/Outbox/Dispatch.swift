import Digests
import Documents
import DurableFiles
import Records

/// Brings queued documents into the outbox: staged, synced, marked, renamed out; each exactly once.
struct Dispatch {
    let workspace: Workspace
    let database: ClinicDatabase
    let dropDocuments: DropDocuments
    /// Told of each delivered file's folder.
    let delivered: @Sendable (String) -> Void

    /// Documents staged together, with one look at the disk for all.
    private static let group = 64

    func deliverPending() throws {
        while true {
            let documents = try database.read { try $0.pendingDocuments(limit: Dispatch.group) }
            guard !documents.isEmpty else { return }
            try deliver(documents)
        }
    }

    private func deliver(_ documents: [OutboundDocument]) throws {
        var staged: [(id: Int64, sha256: String)] = []
        for document in documents where document.state == .queued {
            staged.append((document.id, try stage(document)))
        }
        if !staged.isEmpty {
            // All written first and synced then: the first sync takes most of the others' bytes along.
            for document in documents where document.state == .queued { try ByteFile(stagedPath(document)).sync() }
            try Files.syncDirectory(workspace.outgoing)
            try database.write { try $0.markStaged(staged) }
        }
        var folders: Set<Path> = []
        for document in documents { folders.insert(try moveOut(document)) }
        for folder in folders.sorted() { try Files.syncDirectory(folder) }
        try Files.syncDirectory(workspace.outgoing)
        try database.write { try $0.markDelivered(documents.map(\.id)) }
        for document in documents { delivered(document.folder) }
    }

    private func stagedPath(_ document: OutboundDocument) -> Path { workspace.outgoing / String(document.id) }

    /// Writes a document whole; what a crash left of an earlier try is written again.
    private func stage(_ document: OutboundDocument) throws -> String {
        let path = stagedPath(document)
        if try Files.exists(path) { try Files.unlink(path) }
        if dropDocuments.renders(document.kind) {
            return try dropDocuments.write(document, to: path)
        }
        let bytes = try Rendering.render(kind: document.kind, version: document.version, model: document.model)
        try Files.writeNew(path, bytes, sync: false)
        return Hexadecimal.encode(SHA256.digest(of: bytes))
    }

    /// Renames a staged document out.
    ///
    /// Staged and gone means that it was delivered, and perhaps taken by its reader.
    private func moveOut(_ document: OutboundDocument) throws -> Path {
        let path = stagedPath(document)
        let folder = document.folder.utf8.split(separator: UInt8(ascii: "/")).reduce(workspace.outbox) {
            $0 / Array($1)
        }
        try Files.makeDirectory(folder)
        let copy = folder / ".\(document.id).part"
        guard try Files.exists(path) else {
            if try Files.exists(copy) { try name(copy, document, in: folder) }
            return folder
        }
        do throws(FileFault) {
            try name(path, document, in: folder)
        } catch {
            guard error.reason == .otherFileSystem else { throw error }
            // The outbox is another file system. The staged file goes as soon as its copy is whole there under a name
            // that readers pass over, so that after a crash there is one of the two, or it was delivered.
            if try Files.exists(copy) { try Files.unlink(copy) }
            try Files.copyHashing(from: ByteFile(path), to: copy) { _ in }
            try Files.syncDirectory(folder)
            try Files.unlink(path)
            try Files.syncDirectory(workspace.outgoing)
            try name(copy, document, in: folder)
        }
        return folder
    }

    /// Gives a file its document's name.
    private func name(_ path: Path, _ document: OutboundDocument, in folder: Path) throws(FileFault) {
        let target = folder / document.name
        if document.replaces { return try Files.renameReplacing(from: path, to: target) }
        do throws(FileFault) {
            try Files.renameNoReplace(from: path, to: target)
        } catch {
            switch error.reason {
            case .alreadyExists:
                // Somebody else's file bears the name; ours goes beside it rather than over it.
                try Files.renameNoReplace(from: path, to: folder / "\(document.name).\(document.id)")
            case .unsupported where try !Files.exists(target):
                // A network's file system that cannot promise it: nobody else writes into the outbox.
                try Files.renameReplacing(from: path, to: target)
            default: throw error
            }
        }
    }
}
