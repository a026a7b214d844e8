import Clinic
import Drops
import DurableFiles
import Forms

/// What speaks against a file as a whole before a reader has looked into it.
enum DropRefusals {
    /// The file ends before its content does.
    static func incomplete(_ head: [UInt8]) -> LocatedFinding {
        if Recognition(head: head) == .empty {
            return LocatedFinding(
                Finding(.Drop.empty, [], "the file is empty", mend: "drop it again with its content"),
                at: Place(line: 1))
        }
        let end =
            switch Recognition(head: head) {
            case .xml: "the root element is not closed"
            case .hl7: "the batch or file trailer (BTS, FTS) is missing"
            default: "the last line is not ended"
            }
        return LocatedFinding(
            Finding(
                .Drop.incomplete, [], "the file ends before its content does: \(end)",
                mend: "drop the whole file again; write it under a name ending in .part and rename it when it is done"),
            at: Place(line: 1))
    }

    /// The file has more bytes than its source may drop.
    static func tooLarge(_ size: Int64, for source: SourceSettings) -> LocatedFinding {
        LocatedFinding(
            Finding(
                .Drop.tooLarge, [], "the file has \(size) bytes; its source may drop \(source.maximumBytes)",
                mend: "split it into smaller files, or raise max_bytes of the source in clinic.yml"),
            at: Place(line: 1))
    }

    /// The name stands for something that is not opened.
    static func unfit(_ fault: FileFault) -> LocatedFinding {
        LocatedFinding(
            Finding(.Drop.notARegularFile, [], "\(fault.reason)", mend: "drop a plain file"), at: Place(line: 1))
    }
}
