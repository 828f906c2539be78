//! What is freed is wiped first.
//!
//! Between the languages lie UniFFI's buffers, with 照合番号B, commands and answers in them. It frees
//! them in code that is not ours, also from the other side, so the only place to wipe them is the
//! allocator. It belongs to the library that Kotlin and Swift load, and reaches no memory of theirs.

use core::mem::MaybeUninit;
use std::alloc::{GlobalAlloc, Layout, System};

use zeroize::optimization_barrier;

#[global_allocator]
static ALLOCATOR: Wiping<System> = Wiping(System);

/// An allocator that wipes what it gives back.
struct Wiping<A>(A);

// SAFETY: every block comes from the allocator within and goes back to it with its own layout; what is
// written is inside the block, which nobody uses any more. The default `realloc` moves by these two, so
// that a block that grows leaves nothing behind.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Wiping<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise, passed on.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise, passed on.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let bytes = block.cast::<MaybeUninit<u8>>();
        // SAFETY: the caller gives back a whole block of this layout, which nobody else uses.
        let bytes = unsafe { core::slice::from_raw_parts_mut(bytes, layout.size()) };
        bytes.fill(MaybeUninit::new(0));
        optimization_barrier(bytes);
        // SAFETY: the caller's promise, passed on.
        unsafe { self.0.dealloc(block, layout) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Looks at what it gets back, which is initialised in this test.
    struct Looking {
        dirty: AtomicUsize,
        blocks: AtomicUsize,
    }

    // SAFETY: as the system's, which it passes everything on to.
    unsafe impl GlobalAlloc for Looking {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: the caller's promise, passed on.
            unsafe { System.alloc_zeroed(layout) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: a whole block, which `alloc` has initialised.
            let bytes = unsafe { core::slice::from_raw_parts(block, layout.size()) };
            let dirty = bytes.iter().filter(|byte| **byte != 0).count();
            self.dirty.fetch_add(dirty, Ordering::Relaxed);
            self.blocks.fetch_add(1, Ordering::Relaxed);
            // SAFETY: the caller's promise, passed on.
            unsafe { System.dealloc(block, layout) }
        }
    }

    #[test]
    fn blocks_that_are_freed_or_grow_leave_nothing_behind() {
        let looking = Looking { dirty: AtomicUsize::new(0), blocks: AtomicUsize::new(0) };
        let wiping = Wiping(looking);
        let (small, large) = (Layout::new::<[u8; 14]>(), Layout::new::<[u8; 4096]>());
        // SAFETY: a layout that is not empty.
        let block = unsafe { wiping.alloc(small) };
        assert!(!block.is_null());
        // SAFETY: inside the block.
        unsafe { block.write_bytes(b'7', small.size()) };
        // SAFETY: a block of this allocator with its layout, and a size that is not 0.
        let block = unsafe { wiping.realloc(block, small, large.size()) };
        assert!(!block.is_null());
        // SAFETY: inside the block.
        assert_eq!(unsafe { block.wrapping_add(13).read() }, b'7', "what was in it moves along");
        // SAFETY: inside the block.
        unsafe { block.write_bytes(b'7', large.size()) };
        // SAFETY: a block of this allocator with its layout.
        unsafe { wiping.dealloc(block, large) };
        assert_eq!(wiping.0.blocks.load(Ordering::Relaxed), 2);
        assert_eq!(wiping.0.dirty.load(Ordering::Relaxed), 0);
    }
}
