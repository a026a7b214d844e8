import HL7

/// Which answers a sender asks for, in MSH-15 and MSH-16 (HL7 v2.9 §2.9.2 and §2.9.3).
struct AnswerWishes: Equatable {
    /// Table 0155.
    enum Wish: Equatable {
        /// AL: always.
        case always
        /// NE: never.
        case never
        /// ER: only when the message is refused.
        case onRefusal
        /// SU: only when it is accepted.
        case onSuccess

        /// A value that the table does not know asks for something: rather an answer too many than one too few.
        init?(_ bytes: some Collection<UInt8>) {
            let text = String(decoding: bytes, as: UTF8.self).uppercased().filter { $0 != " " }
            switch text {
            case "", "\"\"": return nil
            case "NE": self = .never
            case "ER": self = .onRefusal
            case "SU": self = .onSuccess
            default: self = .always
            }
        }

        func wants(success: Bool) -> Bool {
            switch self {
            case .always: true
            case .never: false
            case .onRefusal: !success
            case .onSuccess: success
            }
        }
    }

    /// The answer that says whether the message is in safe storage; nil in original mode, which has none.
    let commit: Wish?
    /// The answer that says what became of it.
    let application: Wish

    /// Both fields empty is the original mode: one answer, when the message is decided.
    static let original = AnswerWishes(commit: nil, application: .always)

    init(commit: Wish?, application: Wish) {
        self.commit = commit
        self.application = application
    }

    /// In enhanced mode, a field that is left empty asks for nothing.
    init(acceptField: some Collection<UInt8>, applicationField: some Collection<UInt8>) {
        let accept = Wish(acceptField)
        let application = Wish(applicationField)
        if accept == nil, application == nil {
            self = .original
        } else {
            self.init(commit: accept ?? .never, application: application ?? .never)
        }
    }

    /// In original mode the sender waits for its answer before it sends on.
    var isOriginal: Bool { commit == nil }
}
