/// The questions about holds that a run asks, each answered by an index however many entries wait.
package enum HoldQuery {
    package static let byID = "SELECT * FROM hold WHERE id = ?"
    package static let byEntry = "SELECT * FROM hold WHERE drop_number = ? AND entry = ? ORDER BY id LIMIT 1"
    package static let byReference = """
        SELECT hold.* FROM hold_reference JOIN hold ON hold.id = hold_reference.hold \
        WHERE hold_reference.source = ? AND hold_reference.form = ? AND hold_reference.reference = ? \
        ORDER BY hold_reference.hold LIMIT 1
        """
    package static let earlierBySubject = """
        SELECT hold.* FROM hold_subject JOIN hold ON hold.id = hold_subject.hold \
        WHERE hold_subject.source = ? AND hold_subject.subject = ? \
        AND (hold_subject.effective_at, hold_subject.hold) < (?, ?) \
        ORDER BY hold_subject.effective_at, hold_subject.hold LIMIT 1
        """
    package static let wakeByKey = """
        INSERT OR IGNORE INTO wake (effective_at, hold) SELECT hold.effective_at, hold.id \
        FROM hold_key JOIN hold ON hold.id = hold_key.hold WHERE hold_key.key = ?
        """
    package static let nextWoken = "SELECT effective_at, hold FROM wake ORDER BY effective_at, hold LIMIT 1"
    package static let expired = "SELECT * FROM hold WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?"
    package static let all = "SELECT * FROM hold ORDER BY id LIMIT ?"
    package static let update = "UPDATE hold SET key_list = ?, findings = ? WHERE id = ?"
    package static let dropKeys = "DELETE FROM hold_key WHERE hold = ?"
    package static let remove = "DELETE FROM hold WHERE id = ?"

    package static let any = "SELECT EXISTS (SELECT 1 FROM hold)"
    /// Answered by the first row of a table.
    package static let firstRows = [nextWoken, any]

    /// Those of every run; listing all is asked by people alone.
    package static let ofEveryRun = [
        any, byID, byEntry, byReference, earlierBySubject, wakeByKey, nextWoken, expired, update, dropKeys, remove,
    ]
}
