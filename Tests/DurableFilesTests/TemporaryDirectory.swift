import DurableFiles
import Foundation

/// A directory under /tmp for one test, taken away with all it holds when the test ends.
final class TemporaryDirectory {
    let path: Path

    init() throws {
        let name = "/tmp/suture-files-\(UUID().uuidString)"
        path = Path(name)
        try Files.makeDirectory(path)
    }

    deinit {
        // A test that leaves something behind has not failed for it.
        try? FileManager.default.removeItem(atPath: String(decoding: path.bytes, as: UTF8.self))
    }

    /// The path as the C library takes it.
    func withText<Result>(_ name: String, _ body: (String) -> Result) -> Result {
        body(String(decoding: (path / name).bytes, as: UTF8.self))
    }
}

/// The reason of the fault that a call throws.
func reason(_ call: () throws -> Void) -> FileFault.Reason? {
    do {
        try call()
        return nil
    } catch {
        return (error as? FileFault)?.reason
    }
}
