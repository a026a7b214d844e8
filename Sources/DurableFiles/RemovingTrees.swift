internal import CLinux
internal import Glibc

extension Files {
    /// Takes a file's name away, or a directory's with all that is in it; no link is followed on the way.
    public static func removeTree(_ path: Path) throws(FileFault) {
        try removeTree(path.name, in: Directory(path.parent))
    }

    /// Each directory is reached from the open one above it: a link put in its place meanwhile leads nowhere.
    private static func removeTree(_ name: [UInt8], in parent: Directory) throws(FileFault) {
        let place = parent.path / name
        if try Path(name).withCString(.unlink, { unlinkat(parent.descriptor, $0, 0) }) == 0 { return }
        guard errno == EISDIR else { throw .last(.unlink, place) }
        let opened = try Path(name).withCString(.open) { suture_open_beneath(parent.descriptor, $0) }
        guard opened >= 0 else { throw .last(.open, place) }
        let folder = Directory(descriptor: opened, path: place)
        for entry in try list(folder) { try removeTree(entry.name, in: folder) }
        guard try Path(name).withCString(.unlink, { unlinkat(parent.descriptor, $0, AT_REMOVEDIR) }) == 0 else {
            throw .last(.unlink, place)
        }
    }
}
