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

    /// Writes a document whole and synced; what a crash left of an earlier try is written again.
    private func stage(_ document: OutboundDocument) throws -> String {
        let path = stagedPath(document)
        if try Files.exists(path) { try Files.unlink(path) }
        if dropDocuments.renders(document.kind) {
            return try dropDocuments.write(document, to: path)
        }
        let bytes = try Rendering.render(kind: document.kind, version: document.version, model: document.model)
        try Files.writeNew(path, bytes, sync: true)
        return Hexadecimal.encode(SHA256.digest(of: bytes))
    }

    /// Renames a staged document out. Staged and gone means that it was delivered, and perhaps taken by its reader.
    private func moveOut(_ document: OutboundDocument) throws -> Path {
        let path = stagedPath(document)
        let folder = document.folder.utf8.split(separator: UInt8(ascii: "/")).reduce(workspace.outbox) { $0 / Array($1) }
        try Files.makeDirectory(folder)
        guard try Files.exists(path) else { return folder }
        let target = folder / document.name
        do throws(FileFault) {
            if document.replaces {
                try Files.renameReplacing(from: path, to: target)
            } else {
                try Files.renameNoReplace(from: path, to: target)
            }
        } catch {
            guard error.reason == .alreadyExists else { throw error }
            // Somebody else's file bears the name; ours goes beside it rather than over it.
            try Files.renameNoReplace(from: path, to: folder / "\(document.name).\(document.id)")
        }
        return folder
    }
}
