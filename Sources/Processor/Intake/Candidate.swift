import Clinic
import DurableFiles

/// A name that a scan of the inbox found.
struct Candidate: Hashable {
    let source: SourceSettings
    /// The folder it lies in.
    let folder: Path
    let name: [UInt8]

    var path: Path { folder / name }

    /// Its path within the inbox, for people.
    var label: String {
        let isRoot = source.name == SourceSettings.frontDesk.name
        return (isRoot ? "" : source.name.rawValue + "/") + Path.escape(name)
    }

    /// `name.ok` beside it, by which its sender says that it is whole; too long a name can have none.
    var marker: Path? { Candidate.marker(of: path) }

    static func marker(of path: Path) -> Path? {
        let name = path.name + Array(".ok".utf8)
        return name.count <= 255 ? path.parent / name : nil
    }

    /// The order in which drops of one scan are numbered: by the bytes of their paths.
    static func precedes(_ left: Candidate, _ right: Candidate) -> Bool {
        left.path.bytes.lexicographicallyPrecedes(right.path.bytes)
    }
}

/// Where a candidate stands on its way to being settled.
enum Settlement {
    /// Its content or its writer is not done yet; look again after so many milliseconds.
    case waits(milliseconds: Int)
    /// Its writer is gone and its end is not there; it is refused after so many milliseconds.
    case lacksEnd(milliseconds: Int)
    case settled(FileFacts, isComplete: Bool)
    case unfit(FileFacts)
    /// Gone since the scan.
    case gone
}

/// The names in the inbox that may be drops, in numbering order.
enum InboxScan {
    static func candidates(in workspace: Workspace, sources: [SourceSettings]) throws -> [Candidate] {
        var found: [Candidate] = []
        for source in sources {
            let isRoot = source.name == SourceSettings.frontDesk.name
            let folder = isRoot ? workspace.inbox : workspace.inbox / source.name.rawValue
            guard try Files.exists(folder) else { continue }
            let entries = try Files.list(folder)
            for entry in entries where isDrop(entry.name) {
                if isRoot, entry.kind == .directory {
                    if isSourceFolder(entry.name, sources) { continue }
                    // Somebody has just made it: until something lies in it, nothing is lost by waiting.
                    if try isEmpty(folder / entry.name) { continue }
                }
                found.append(Candidate(source: source, folder: folder, name: entry.name))
            }
        }
        return found.sorted(by: Candidate.precedes)
    }

    /// Dot files and names that end in `.tmp` or `.part` are being written; `name.ok` belongs to its neighbor.
    private static func isDrop(_ name: [UInt8]) -> Bool {
        if name.first == UInt8(ascii: ".") { return false }
        for ending in [".tmp", ".part"] where name.hasSuffix(ending) { return false }
        return !name.hasSuffix(".ok")
    }

    private static func isEmpty(_ folder: Path) throws -> Bool {
        do throws(FileFault) {
            return try Files.list(folder).isEmpty
        } catch {
            switch error.reason {
            case .missing: return true
            // What may not be looked into is refused like a full one.
            case .notPermitted: return false
            default: throw error
            }
        }
    }

    /// The front desk has no folder: a folder of that name would never be looked into, and is refused like any other.
    private static func isSourceFolder(_ name: [UInt8], _ sources: [SourceSettings]) -> Bool {
        sources.contains { $0.name != SourceSettings.frontDesk.name && Array($0.name.rawValue.utf8) == name }
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
