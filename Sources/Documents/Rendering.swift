/// What renders a model, by the name under which it waits in the queue.
enum Template: String, CaseIterable {
    case billText = "bill-text"
    case billTable = "bill-csv"
    case billExport = "bill-export"
    case consentText = "consent-text"
    case theaterText = "theater-text"
    case theaterTable = "theater-csv"
    case receiptText = "receipt-text"
    case registrationTable = "registration-csv"
    case mail = "mail"
    case preOpText = "preop-text"
    case postOpText = "postop-text"
    case implantCard = "implant-card"
    case recallText = "recall-text"
    case recallTable = "recall-csv"

    /// Raised when its bytes for the same model change; the old rendering then stays beside the new one.
    var version: Int { 1 }
}

/// Renders frozen models: the same model and version give the same bytes at any later time.
package enum Rendering {
    package static func render(kind: String, version: Int, model: [UInt8]) throws -> [UInt8] {
        guard let template = Template(rawValue: kind), template.version == version else {
            throw UnknownTemplate(kind: kind, version: version)
        }
        switch template {
        case .billText: return try BillModel(thawing: model).text
        case .billTable: return try BillModel(thawing: model).table
        case .billExport: return try BillExportModel(thawing: model).table
        case .consentText: return try ConsentModel(thawing: model).text
        case .theaterText: return try TheaterListModel(thawing: model).text
        case .theaterTable: return try TheaterListModel(thawing: model).table
        case .receiptText: return try ReceiptModel(thawing: model).text
        case .registrationTable: return try RegistrationModel(thawing: model).table
        case .mail: return try MailModel(thawing: model).bytes
        case .preOpText: return try PreOpModel(thawing: model).text
        case .postOpText: return try PostOpModel(thawing: model).text
        case .implantCard: return try ImplantCardModel(thawing: model).text
        case .recallText: return try RecallModel(thawing: model).text
        case .recallTable: return try RecallModel(thawing: model).table
        }
    }
}
