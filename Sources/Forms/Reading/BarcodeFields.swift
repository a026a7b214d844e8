import Barcodes
import Clinic

/// What a scanned barcode says, as fields of the inventory form.
enum BarcodeFields {
    /// Why a barcode could not be read, as a finding.
    struct Fault: Error {
        let finding: Finding
    }

    static func read(_ barcode: String, catalog: Catalog) -> Result<[(Field, Value)], Fault> {
        .success([])
    }
}
