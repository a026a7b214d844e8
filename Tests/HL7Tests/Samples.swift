import HL7

/// Messages of our own making that the tests share.
enum Samples {
    static let admission = """
        MSH|^~\\&|KIOSK|FRONT|SUTURE|CLINIC|20261122093000+0100||ADT^A28^ADT_A05|K-1001|P|2.5.1|||AL|NE|DE|UNICODE UTF-8
        EVN|A28|20261122093000
        PID|1||4711^^^CLINIC^MR~S-9^^^KIOSK&1.2.3&ISO^PI||Özdemir^Ayşe^M~Oz^A||19800131|F|||Am Wall 3^^Bremen^^28195^DE
        NK1|1|Özdemir^Can|SPO
        AL1|1|DA|^PENICILLIN
        AL1|2||""
        ZCL|1||
        """.segments

    static let merge = """
        MSH|^~\\&|A|B|C|D|20261122||ADT^A40^ADT_A39|M-1|P|2.5
        EVN|A40|20261122
        PID|1||100
        MRG|90
        PID|2||200
        MRG|80~81
        """.segments

    static let charges = """
        MSH|^~\\&|A|B|C|D|20261122||DFT^P03^DFT_P03|F-1|P|2.5
        PID|1||100
        GT1|1||out of place
        FT1|1|T1|||||CODE1
        OBX|1|ST|LOT||L-1
        NTE|1||first
        FT1|2|T2|||||CODE2
        OBX|1|ST|LOT||L-2
        """.segments

    static func message(_ text: String, _ charset: CharsetChoice = .declared(default: .utf8)) throws -> Message {
        try Message(Array(text.utf8), charset: charset)
    }

    /// All frames of these bytes, read in pieces of `chunk`.
    static func frames(
        _ bytes: [UInt8], chunk: Int = 1 << 18, limit: Int = 1 << 30
    ) -> (frames: [Frame], summary: EnvelopeSummary) {
        var rest = bytes[...]
        var reader = FrameReader<Never>(limit: limit, chunk: chunk) { buffer, maximum in
            let piece = rest.prefix(maximum)
            buffer.append(contentsOf: piece)
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
        var frames: [Frame] = []
        while let frame = reader.next() { frames.append(frame) }
        return (frames, reader.summary)
    }
}

extension String {
    /// Lines as segments: each ended by CR.
    var segments: String { split(separator: "\n").map { $0 + "\r" }.joined() }
}

extension Frame {
    /// Kind, line and text, for comparing at a glance.
    var outline: String {
        let name =
            switch self {
            case .fileHeader: "FHS"
            case .batchHeader: "BHS"
            case .message: "MSG"
            case .batchTrailer: "BTS"
            case .fileTrailer: "FTS"
            case .stray: "stray"
            case .oversized: "oversized"
            }
        return "\(name)@\(framed.offset):\(framed.line)"
    }

    var text: String { String(decoding: framed.bytes, as: UTF8.self) }
}
