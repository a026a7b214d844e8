import Digests
import Documents
import DurableFiles
import Drops
import Records

extension DropDocuments {
    /// Writes a document of a drop to a new file, page by page of its entries; answers the file's SHA-256.
    func write(_ document: OutboundDocument, to path: Path) throws -> String {
        let file = try GrowingFile(path)
        let hash = SHA256()
        try file.finish()
        return Hexadecimal.encode(hash.digest())
    }
}
