import Clinic
import Drops
import XML

/// Opens the reader that an XML drop's root asks for, by its name and namespace.
enum XMLDocuments {
    static func open(rules: ReadingRules, read: @escaping (Int) throws -> [UInt8]) throws -> any DropReading {
        let head = DocumentHead(read: read)
        if let root = try head.root() {
            if BankReader.takes(root) { return try BankReader(rules: rules, head: head) }
            if XMLMessageReader.takes(root) { return try XMLMessageReader(rules: rules, head: head) }
            if ClinicalDocumentReader.takes(root) { return try ClinicalDocumentReader(rules: rules, head: head) }
        }
        return try XMLDropReader(rules: rules) { try head.pull($0) }
    }
}

extension DropRefusal {
    /// A document that is not taken as XML at all.
    init(_ fault: Fault) {
        let rule: Rule
        switch fault.code {
        case .forbidden: rule = .Drop.xmlForbidden
        case .undecodable: rule = .Drop.undecodable
        case .incomplete: rule = .Drop.incomplete
        default: rule = .Drop.xmlMalformed
        }
        let mend =
            switch fault.code {
            case .undecodable: "save the file as UTF-8, and let its XML declaration say so"
            case .incomplete: "drop the whole file again"
            default: "write the file anew with a program that makes well-formed XML"
            }
        let words = ReaderWords(fault.text, mend: mend)
        self.init(LocatedFinding(Finding(rule, [], words.detail, mend: words.mend), at: Place(fault.position)))
    }
}
