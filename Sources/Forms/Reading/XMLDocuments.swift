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
        self.init(
            LocatedFinding(
                Finding(rule, [], fault.text, mend: "write the file anew as well-formed XML without a DOCTYPE"),
                at: Place(fault.position)))
    }
}
