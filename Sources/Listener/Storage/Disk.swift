package import DurableFiles

/// What the store does with the disk; a test's disk may fail.
package struct Disk: Sendable {
    /// Brings the bytes of a written file to the disk.
    package var syncFile: @Sendable (Path) throws(FileFault) -> Void
    /// Gives a file its name, which must be free.
    package var rename: @Sendable (_ from: Path, _ to: Path) throws(FileFault) -> Void
    /// Brings the names of a folder to the disk.
    package var syncFolder: @Sendable (Path) throws(FileFault) -> Void

    package init(
        syncFile: @escaping @Sendable (Path) throws(FileFault) -> Void,
        rename: @escaping @Sendable (_ from: Path, _ to: Path) throws(FileFault) -> Void,
        syncFolder: @escaping @Sendable (Path) throws(FileFault) -> Void
    ) {
        self.syncFile = syncFile
        self.rename = rename
        self.syncFolder = syncFolder
    }

    /// The machine's.
    package static let live = Disk(
        syncFile: { path throws(FileFault) in try ByteFile(path).sync() },
        rename: { from, to throws(FileFault) in
            do throws(FileFault) {
                try Files.renameNoReplace(from: from, to: to)
            } catch {
                // A network's file system that cannot promise it: the name is ours alone.
                guard error.reason == .unsupported, try !Files.exists(to) else { throw error }
                try Files.renameReplacing(from: from, to: to)
            }
        },
        syncFolder: { path throws(FileFault) in try Files.syncDirectory(path) })
}
