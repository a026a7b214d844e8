/// Compares values with their data types (HL7 v2.9 chapter 2A).
struct ValueCheck {
    let version: Version

    /// Checks a repetition, a component or a subcomponent against a data type.
    func check(
        _ part: Part, type: String, table: String?, isField: Bool, _ findings: inout [ConformanceFinding]
    ) {
        guard part.presence == .valued else { return }
        if SegmentDictionary.isComposite(type), part.level < .subcomponent {
            let parts = part.level < .component ? part.components : part.subcomponents
            for (index, component) in parts.enumerated() {
                guard
                    let definition = SegmentDictionary.component(index + 1, of: type, version: version)
                else { continue }
                // A time stamp of old is a composite of a time and its precision.
                let inner = type == "TS" && index == 0 ? "DTM" : definition.type
                check(component, type: inner, table: definition.table, isField: false, &findings)
            }
            if let table, isField, let code = parts.first { lookUp(code, table, type: type, &findings) }
            return
        }
        let composite = type == "TS" ? "DTM" : type
        let value = leaf(of: part)
        guard value.presence == .valued else { return }
        checkPrimitive(value, type: composite, &findings)
        if let table { lookUp(value, table, type: type, &findings) }
    }

    /// What a primitive type reads: parts beyond the first are ignored, as the standard bids.
    private func leaf(of part: Part) -> Part {
        var leaf = part
        if leaf.level < .component, leaf.components.count > 1 { leaf = leaf.component(1) }
        if leaf.level < .subcomponent, leaf.subcomponents.count > 1 { leaf = leaf.subcomponent(1) }
        return leaf
    }

    private func lookUp(
        _ part: Part, _ table: String, type: String, _ findings: inout [ConformanceFinding]
    ) {
        let value = leaf(of: part)
        guard value.presence == .valued, SegmentDictionary.contains(value.raw, table: table) == false else { return }
        findings.append(
            .init(
                code: .tableValue, place: value.place, severity: type == "ID" ? .error : .warning,
                reason: "the value is not in table \(table)"))
    }

    private func checkPrimitive(_ part: Part, type: String, _ findings: inout [ConformanceFinding]) {
        let bytes = part.bytes
        let fault: String?
        switch type {
        case "NM": fault = Self.isNumber(bytes) ? nil : "a number is digits with a sign and a point at most"
        case "SI": fault = bytes.allSatisfy(Self.isDigit) ? nil : "a sequence number is digits"
        case "DTM": fault = Self.fault(ofTime: bytes, finest: .fraction)
        case "DT": fault = Self.fault(ofTime: bytes, finest: .day)
        case "TM": fault = TimeOfDay.isValid(bytes) ? nil : "not of the form HH[MM[SS[.S]]][+/-ZZZZ]"
        default: fault = nil
        }
        if let fault {
            findings.append(.init(code: .dataType, place: part.place, severity: .error, reason: "\(type): \(fault)"))
            return
        }
        guard let limit = Self.limits[type], bytes.count > limit else { return }
        findings.append(
            .init(
                code: .valueTooLong, place: part.place, severity: .warning,
                reason: "\(type): longer than \(limit) characters"))
    }

    /// The lengths that data types themselves have; those of fields are for each site to agree on.
    private static let limits = ["NM": 16, "SI": 4, "TM": 16]

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// `[+-]digits[.digits]`, where one side of the point may be empty.
    private static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        guard rest.first == UInt8(ascii: ".") else { return rest.isEmpty && !whole.isEmpty }
        rest = rest.dropFirst()
        return rest.allSatisfy(isDigit) && whole.count + rest.count > 0
    }

    private static func fault(ofTime bytes: ArraySlice<UInt8>, finest: DateTime.Precision) -> String? {
        do {
            let time = try DateTime(bytes)
            if finest == .day, time.precision > .day || time.zone != nil { return "a date has no time of day" }
            return nil
        } catch {
            // The fault's own words hold digits of the value.
            return "not a date and time of the calendar, YYYY[MM[DD[HH[MM[SS[.S]]]]]][+/-ZZZZ]"
        }
    }
}

/// The data type TM, a time of day.
enum TimeOfDay {
    /// Whether it is `HH[MM[SS[.S+]]][+/-ZZZZ]`, read with the rules of DTM.
    static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        // A time of day is what follows the day in a time of any day.
        let digits = bytes.prefix { (0x30...0x39).contains($0) }
        guard [2, 4, 6].contains(digits.count) else { return false }
        do {
            _ = try DateTime((Array("20000101".utf8) + bytes)[...])
            return true
        } catch {
            return false
        }
    }
}
