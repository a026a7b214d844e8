import Drops
import XML

/// The beginning of an XML file as it was written: read before anything else, to see what document it is, and kept,
/// so that corrections begin the same.
final class DocumentHead {
    private let read: (Int) throws -> [UInt8]
    private var bytes: [UInt8] = []
    private var told = 0

    /// How much of a file is looked at for its root.
    private static let limit = 65_536

    init(read: @escaping (Int) throws -> [UInt8]) { self.read = read }

    /// The root's name; nil where no root begins within what is looked at, or something is wrong before it.
    func root() throws -> Name? {
        while bytes.count < DocumentHead.limit {
            let chunk = try read(DocumentHead.limit - bytes.count)
            if chunk.isEmpty { break }
            bytes += chunk
        }
        do {
            guard case .startElement(let start)? = try EventReader(bytes: bytes).next() else { return nil }
            return start.name
        } catch is Fault {
            return nil
        }
    }

    /// The whole file, from its beginning, to whoever reads it.
    func pull(_ most: Int) throws -> [UInt8] {
        guard told >= bytes.count else {
            let piece = bytes[told...].prefix(most)
            told += piece.count
            return Array(piece)
        }
        return try read(most)
    }

    /// All that stands before a place, no more than was looked at.
    func opening(upTo offset: Int) -> [UInt8] { Array(bytes.prefix(offset)) }

    /// What stands around entries like this one, so that a file of others of its kind can be written.
    func shape(before entry: Entry) -> CorrectionShape {
        let opening = opening(upTo: entry.position.offset)
        let tags = entry.ancestors.reversed().map { Array("</".utf8) + qualifiedName($0) + [UInt8(ascii: ">")] }
        var closing = tags.flatMap { $0 }
        // In UTF-16 every byte of it has a zero half.
        if opening.starts(with: [0xFF, 0xFE]) { closing = closing.flatMap { [$0, 0] } }
        if opening.starts(with: [0xFE, 0xFF]) { closing = closing.flatMap { [0, $0] } }
        return CorrectionShape(format: .xml, opening: opening, lineEnd: [0x0A], closing: closing)
    }

    /// The name of a tag with the prefix that it was written with.
    private func qualifiedName(_ start: StartElement) -> [UInt8] {
        guard start.position.offset < bytes.count else { return Array(start.name.local.utf8) }
        let name = bytes[start.position.offset...].prefix(1024).filter { $0 != 0 }.dropFirst()
            .prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
        return name.isEmpty ? Array(start.name.local.utf8) : Array(name)
    }
}
