import CSV
import Clinic

/// `items.csv`: what the clinic keeps in stock.
struct ItemsFile {
    private(set) var items: [Item] = []

    private static let required = ["sku", "gtin", "name", "tracking", "implant", "price", "materials", "manufacturer"]

    /// May be left out; a further row of an item is its price from that day on.
    private static let optional = ["effective_from"]

    /// Where each item first stands, in the list and in the file.
    private var known: [SKU: (index: Int, line: Int)] = [:]
    private let name: String
    private let currency: Currency
    private let inspection: Inspection

    init(reading bytes: [UInt8], named name: String, currency: Currency, _ inspection: Inspection) {
        self.name = name
        self.currency = currency
        self.inspection = inspection
        do {
            try read(bytes)
        } catch let refusal as Refusal {
            for fault in refusal.faults { report(fault) }
            inspection.suspend(.item)
        } catch {
            inspection.report("\(error)", at: FilePlace(file: name, line: 1))
            inspection.suspend(.item)
        }
    }

    private mutating func read(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        let reader = try Reader(
            read: { count in
                let piece = rest.prefix(count)
                rest = rest.dropFirst(piece.count)
                return Array(piece)
            },
            choosing: { candidates in candidates.firstIndex { $0.names.contains("sku") } })
        guard var reader else {
            inspection.report("the header row has no column `sku`", at: FilePlace(file: name, line: 1))
            inspection.suspend(.item)
            return
        }
        checkHeader(reader.header)
        while let record = try reader.next() {
            for fault in record.faults { report(fault) }
            guard record.isSound else {
                // Which item that row was nobody can tell, so what names it is no fault of its own.
                inspection.suspend(.item)
                continue
            }
            item(Row(record: record, header: reader.header, file: name, inspection: inspection))
        }
    }

    private func report(_ fault: Fault) {
        inspection.report(fault.detail, at: FilePlace(file: name, line: fault.line, column: fault.column))
    }

    private func checkHeader(_ header: Header) {
        for fault in header.missing(Self.required) { report(fault) }
        let known = (Self.required + Self.optional).map { Header.normalized($0) }
        for (index, column) in header.names.enumerated() where !known.contains(column) {
            let position = header.record.position(index)
            inspection.report(
                "there is no column `\(column)` in items\(Suggestion.text(for: column, among: known))",
                at: FilePlace(file: name, line: position.line, column: position.column))
        }
    }

    private mutating func item(_ row: Row) {
        let sku = row.required("sku", .code)
        let day = row.optional("effective_from", .date)
        if let sku, let first = known[SKU(sku)], let day {
            return change(first.index, since: first.line, from: day, row)
        }
        if day != nil {
            inspection.report(
                "the first row of an item has no `effective_from`; what it costs before that day would not be known",
                at: row.place(of: "effective_from"))
        }
        if let sku {
            inspection.declare(.item, sku, at: row.place(of: "sku"))
        } else {
            inspection.suspend(.item)
        }
        let gtin = row.optional("gtin", .gtin)
        if let gtin { inspection.declare(.trade, gtin, at: row.place(of: "gtin")) }
        let title = row.required("name", .text)
        let tracking: Item.Tracking? = row.required("tracking", .choice([.quantity, .lot, .serial]))
        let isImplant = row.required("implant", .flag)
        let price = row.optional("price", .money(currency))
        let materials = row.list("materials", .material)
        let manufacturer = row.optional("manufacturer", .text)
        if isImplant == true && tracking == .quantity {
            inspection.report(
                "an implant must be followed by LOT or SERIAL, so that a recall finds its patients",
                at: row.place(of: "tracking"))
        }
        guard let sku, let title, let tracking, let isImplant else { return }
        known[SKU(sku)] = known[SKU(sku)] ?? (items.count, row.record.position.line)
        items.append(
            Item(
                sku: SKU(sku), gtin: gtin, name: title, tracking: tracking, isImplant: isImplant, price: price,
                materials: materials, manufacturer: manufacturer))
    }

    /// A later price; what the item is does not change by the day.
    private mutating func change(_ index: Int, since line: Int, from day: CalendarDate, _ row: Row) {
        let item = items[index]
        let isSame: [(String, Bool)] = [
            ("gtin", row.optional("gtin", .gtin) == item.gtin), ("name", row.required("name", .text) == item.name),
            ("tracking", row.required("tracking", .choice([.quantity, .lot, .serial])) == item.tracking),
            ("implant", row.required("implant", .flag) == item.isImplant),
            ("materials", row.list("materials", .material) == item.materials),
            ("manufacturer", row.optional("manufacturer", .text) == item.manufacturer),
        ]
        for (column, isSame) in isSame where !isSame {
            inspection.report(
                "`\(column)` of item `\(item.sku)` differs from line \(line); only its price may change",
                at: row.place(of: column))
        }
        if let last = item.priceChanges.last, day <= last.effectiveFrom {
            inspection.report(
                "the change of item `\(item.sku)` is not later than the one before it",
                at: row.place(of: "effective_from"))
        }
        items[index].priceChanges.append(Change(effectiveFrom: day, row.optional("price", .money(currency))))
    }
}

/// One record of a CSV file of the clinic's, with its values read like those of the YAML files.
private struct Row {
    let record: Record
    let header: Header
    let file: String
    let inspection: Inspection

    func place(of column: String) -> FilePlace {
        let position = header.column(column).map { record.position($0) } ?? record.position
        return FilePlace(file: file, line: position.line, column: position.column)
    }

    func required<Value>(_ column: String, _ kind: ValueKind<Value>) -> Value? {
        // A column that is not there at all was reported once, with the header.
        guard header.column(column) != nil else { return nil }
        guard let text = text(column) else {
            inspection.report("`\(column)` is empty: \(kind.expected)", at: place(of: column))
            return nil
        }
        return read(text, column, kind)
    }

    func optional<Value>(_ column: String, _ kind: ValueKind<Value>) -> Value? {
        text(column).flatMap { read($0, column, kind) }
    }

    /// The values of a list whose items are separated by `;`.
    func list<Value>(_ column: String, _ kind: ValueKind<Value>) -> [Value] {
        guard let text = text(column) else { return [] }
        return text.utf8.split(separator: UInt8(ascii: ";")).compactMap { read(String(Substring($0)), column, kind) }
    }

    private func text(_ column: String) -> String? {
        guard let index = header.column(column), !record.isEmpty(index) else { return nil }
        do {
            return try record.text(index)
        } catch {
            inspection.report(error.detail, at: place(of: column))
            return nil
        }
    }

    private func read<Value>(_ text: String, _ column: String, _ kind: ValueKind<Value>) -> Value? {
        if let value = kind.read(text) { return value }
        inspection.report("`\(column)` must be \(kind.expected), not `\(text.prefix(60))`", at: place(of: column))
        return nil
    }
}

extension ValueKind where Value == String {
    /// GS1 General Specifications 7.9: weights 3 and 1 from the right, the sum brought to a multiple of ten.
    static let gtin = ValueKind(expected: "a GTIN of fourteen digits whose last is their check digit") { text in
        let digits = Array(text.utf8)
        guard digits.count == 14, Digits.value(of: digits) != nil else { return nil }
        let sum = digits.enumerated().reduce(0) { $0 + (Int($1.element) - 48) * ($1.offset % 2 == 0 ? 3 : 1) }
        return sum % 10 == 0 ? text : nil
    }

    /// As allergies are compared with it.
    static let material = ValueKind(expected: "a material in small letters") { text in
        let isPlain = text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x20 || $0 == UInt8(ascii: "-") }
        return !text.isEmpty && isPlain ? text : nil
    }
}
