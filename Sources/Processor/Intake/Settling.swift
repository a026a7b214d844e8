import DurableFiles
import Forms

/// Watches candidates until their content is whole and their writers are gone.
///
/// It keeps what it saw, by monotonic time.
struct Settling {
    private struct Sighting {
        var facts: FileFacts
        /// When these facts were first seen.
        var since: ContinuousClock.Instant
    }

    /// How long an incomplete file that nobody changes is waited for.
    let patience: Duration
    private var sightings: [Candidate: Sighting] = [:]
    private let clock = ContinuousClock()

    init(patience: Duration) { self.patience = patience }

    /// Two looks this far apart that agree stand for a writer that cannot be asked about.
    private static let secondLook = Duration.seconds(1)

    /// Forgets candidates that are no longer in the inbox.
    mutating func keepOnly(_ candidates: [Candidate]) {
        let present = Set(candidates)
        sightings = sightings.filter { present.contains($0.key) }
    }

    /// Looks at a candidate.
    mutating func look(at candidate: Candidate, wallSeconds: Int64) throws -> Settlement {
        guard let facts = try FileFacts.ifPresent(candidate.path) else { return .gone }
        let now = clock.now
        if sightings[candidate]?.facts != facts { sightings[candidate] = Sighting(facts: facts, since: now) }
        let unchanged = (sightings[candidate]?.since ?? now).duration(to: now)
        if isUnfit(facts, candidate) {
            // A sender that links a file in and then takes its first name away is done in a moment.
            return facts.links > 1 && facts.kind == .regular && unchanged < Settling.secondLook
                ? .waits(milliseconds: 250) : .unfit(facts)
        }
        let file: ByteFile
        do throws(FileFault) {
            file = try Directory(candidate.folder).openBeneath(candidate.name)
        } catch {
            switch error.reason {
            case .missing: return .gone
            case .notPermitted: return unchanged < patience ? .waits(milliseconds: 1000) : .unfit(facts)
            default:
                // Another file took the name since: the next look is at that one.
                guard error.isRefusal else { throw error }
                return .waits(milliseconds: 50)
            }
        }

        switch file.writers() {
        case .some: return .waits(milliseconds: 100)
        case .unknown where unchanged < Settling.secondLook: return .waits(milliseconds: 1000)
        case .unknown, .none: break
        }
        if try isMarkerUnfinished(candidate) { return .waits(milliseconds: 100) }
        if try isComplete(file, facts, candidate) { return .settled(facts, isComplete: true) }
        // The time of change is the kernel's, not the sender's: it cannot be set back by a copy.
        // Both times are cut to whole seconds: what lies between is at least one less.
        let lain = Duration.seconds(max(0, wallSeconds - facts.changed / 1_000_000_000 - 1))
        let waited = max(unchanged, lain)
        if waited >= patience { return .settled(facts, isComplete: false) }
        return .lacksEnd(milliseconds: max(50, Int((patience - waited) / .milliseconds(1))))
    }

    /// What is no plain file, or too large, is claimed at once: nothing will make it fit.
    private func isUnfit(_ facts: FileFacts, _ candidate: Candidate) -> Bool {
        facts.kind != .regular || facts.links != 1 || facts.size > Int64(candidate.source.maximumBytes)
    }

    /// Whether somebody is writing `name.ok`, whose totals would be read by halves.
    private func isMarkerUnfinished(_ candidate: Candidate) throws -> Bool {
        guard let marker = candidate.marker, try FileFacts.ifPresent(marker)?.kind == .regular else { return false }
        do throws(FileFault) {
            guard case .some = try Directory(marker.parent).openBeneath(marker.name).writers() else { return false }
            return true
        } catch {
            guard error.isRefusal || error.reason == .missing || error.reason == .notPermitted else { throw error }
            return false
        }
    }

    /// The sender says so by `name.ok`, or the format's own end is there.
    private func isComplete(_ file: ByteFile, _ facts: FileFacts, _ candidate: Candidate) throws -> Bool {
        if let marker = candidate.marker, try Files.exists(marker) { return true }
        let head = try file.read(4096)
        try file.seek(to: max(0, facts.size - 4096))
        return Completeness.isComplete(head: head, tail: try file.read(4096))
    }
}
