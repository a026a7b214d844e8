import Clinic
import Documents
import Records

extension Engine {
    /// The lists of the theaters and days that changed.
    func queueTheaterLists(in unit: Unit) throws {
    }

    /// Every bill since the last export, with control totals.
    func queueBillExport(in unit: Unit) throws {
    }
}
