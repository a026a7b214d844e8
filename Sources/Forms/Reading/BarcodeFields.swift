import Barcodes
import Clinic

/// What a scanned barcode says, as fields of the inventory form.
enum BarcodeFields {
    /// Why a barcode could not be read, as a finding.
    struct Fault: Error {
        let finding: Finding
    }

    /// Reads a barcode; the year settles the century of its dates (GS1 General Specifications 7.12).
    static func read(_ barcode: String, catalog: Catalog, year: Int) -> Result<[(Field, Value)], Fault> {
        do {
            let scan = try Scan.read(barcode, currentYear: year)
            var fields: [(Field, Value)] = []
            if let product = scan.gtin ?? scan.product {
                guard let item = catalog.item(gtin: product) else {
                    return .failure(
                        Fault(
                            finding: Finding(
                                .InventoryRules.itemUnknown, [.barcode],
                                "the barcode is of an item that the clinic does not list",
                                mend: "add the item to items.csv, or scan the right package",
                                aside: "GTIN \(product)")))
                }
                fields.append((.sku, .text(item.sku.rawValue)))
            }
            if let lot = scan.lot { fields.append((.lot, .text(lot))) }
            if let serial = scan.serial { fields.append((.serial, .text(serial))) }
            if let expiry = scan.expiry,
                let date = CalendarDate(year: expiry.year, month: expiry.month, day: expiry.day)
            {
                fields.append((.expiresOn, .date(date)))
            }
            return .success(fields)
        } catch {
            let rule: Rule = error.kind == .checkDigit ? .InventoryRules.checkDigit : .InventoryRules.badBarcode
            return .failure(
                Fault(
                    finding: Finding(
                        rule, [.barcode],
                        "the barcode cannot be read: at character \(error.position) \(error.kind.words)",
                        mend: "scan the package again; do not type the code", aside: error.detail)))
        }
    }
}

extension BarcodeFault.Kind {
    /// What is wrong there, without what the barcode says.
    fileprivate var words: String {
        switch self {
        case .empty: "there is nothing to read"
        case .unrecognized: "neither GS1 nor HIBC begins"
        case .badCharacter: "stands what no barcode holds there"
        case .unknownIdentifier: "an identifier begins that GS1 does not know"
        case .tooShort: "a part is too short"
        case .tooLong: "a part is too long"
        case .missingSeparator: "the separator of two parts is missing"
        case .badDate: "stands what is no date"
        case .badBrackets: "the brackets do not match"
        case .badLink: "the link is none of GS1"
        case .badContent: "stands what the part's identifier does not allow"
        case .contradiction: "a part says otherwise than one before it"
        case .checkDigit: "the check digit is wrong"
        }
    }
}
