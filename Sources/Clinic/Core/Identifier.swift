/// A name given by somebody, compared by its bytes: two spellings that Unicode calls equal stay two.
package protocol Identifier: RawRepresentable<String>, Hashable, Comparable, Sendable, Codable, CodingKeyRepresentable,
    CustomStringConvertible
{
    init(_ rawValue: String)
}

extension Identifier {
    package init(rawValue: String) { self.init(rawValue) }

    package static func == (left: Self, right: Self) -> Bool { left.rawValue.utf8.elementsEqual(right.rawValue.utf8) }

    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in rawValue.utf8 { hasher.combine(byte) }
    }

    package var description: String { rawValue }

    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

/// The clinic's own number of a patient: a sequence and a check digit (Luhn, HL7 table 0061 M10).
package struct MRN: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }

    /// The number with this place in the sequence.
    package init(sequence: Int64) {
        let body = Digits.padded(1_000_000 + sequence, 7)
        self.init(body + String(MRN.checkDigit(of: Array(body.utf8))))
    }

    /// True for eight digits of which the last is the check digit of the others.
    package var isWellFormed: Bool {
        let bytes = Array(rawValue.utf8)
        guard bytes.count >= 8, bytes.count <= 12, Digits.value(of: bytes) != nil else { return false }
        return Int(bytes[bytes.count - 1]) - 48 == MRN.checkDigit(of: Array(bytes.dropLast()))
    }

    /// Luhn: every second digit from the right doubled, the sum brought to a multiple of ten.
    private static func checkDigit(of digits: [UInt8]) -> Int {
        var sum = 0
        for (position, byte) in digits.reversed().enumerated() {
            let digit = Int(byte) - 48
            let weighted = position % 2 == 0 ? digit * 2 : digit
            sum += weighted > 9 ? weighted - 9 : weighted
        }
        return (10 - sum % 10) % 10
    }
}

/// A consultation, named by its sender, clinic-wide.
package struct ConsultationID: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// A procedure plan in all its versions, named by its sender, clinic-wide.
package struct PlanID: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// A consent, named by its sender, clinic-wide.
package struct ConsentID: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// A surgical case, named by its sender, clinic-wide.
package struct CaseID: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// A bill's number: ours, a sequence without gaps.
package struct BillNumber: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
    package init(sequence: Int64) { self.init("B-\(Digits.padded(sequence, 6))") }
}

/// A receipt's number: ours, a sequence without gaps.
package struct ReceiptNumber: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
    package init(sequence: Int64) { self.init("R-\(Digits.padded(sequence, 6))") }
}

/// A stock keeping unit of the clinic's item list.
package struct SKU: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// A member of staff by the clinic's staff list.
package struct StaffID: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// A procedure of the clinic's catalogue.
package struct ProcedureCode: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// A pre-operative requirement of the clinic's catalogue.
package struct RequirementCode: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// A theater of the clinic.
package struct TheaterID: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// An insurer of the clinic's payer list.
package struct PayerID: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// A folder of the inbox and whoever drops into it.
package struct SourceName: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// The id of a row, for tables in memory: a `String` as key would take two spellings that Unicode calls equal for one.
package struct RowID: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }
}
