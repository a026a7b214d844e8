import Clinic
import Digests
package import DurableFiles

extension Workspace {
    /// Makes a workspace in a new or empty folder, with a copy of an example clinic and a key of its own.
    package func make(fromExample example: Path) throws {
        Files.restrictNewFiles()
        if try Files.exists(root) {
            guard try Files.list(root).isEmpty else {
                throw WorkspaceFault(path: root, reason: "the folder is not empty; name a new or empty one")
            }
        }
        try Files.makeDirectory(root)
        try copy(example, to: clinic)
        try makeFolders()
        try Files.makeDirectory(keys)
        try Files.writeNew(key, SystemRandom.bytes(32), sync: true)
        try Files.syncDirectory(keys)
        try Files.syncDirectory(root)
    }

    /// The inbox folders of the sources, so that senders find theirs.
    package func makeInboxes(_ sources: [SourceSettings]) throws {
        for source in sources where source.name != SourceSettings.frontDesk.name {
            try Files.makeDirectory(inbox / source.name.rawValue)
        }
    }

    private func copy(_ folder: Path, to target: Path) throws {
        try Files.makeDirectory(target)
        for entry in try Files.list(folder) {
            switch entry.kind {
            case .directory: try copy(folder / entry.name, to: target / entry.name)
            case .regular:
                let bytes = try Files.read(folder / entry.name, cap: 16 << 20)
                try Files.writeNew(target / entry.name, bytes, sync: true)
            default: break
            }
        }
        try Files.syncDirectory(target)
    }
}
