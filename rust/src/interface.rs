//! What crosses the C interface, laid out as include/bytebasket_cql.h declares it.

use crate::BbStatement;

#[repr(C)]
#[derive(Clone, Copy)]
pub struct BbBytes {
    pub data: *const u8,
    pub size: usize,
}

#[repr(C)]
pub struct BbOptions {
    pub contact_points: BbBytes,
    pub keyspace: BbBytes,
    pub datacenter: BbBytes,
    pub user: BbBytes,
    pub password: BbBytes,
    pub ca_file: BbBytes,
    pub tls_name: BbBytes,
    pub threads: u32,
    pub connections: u32,
    pub max_in_flight: u32,
    pub connect_timeout_ms: u32,
    pub request_timeout_ms: u32,
    pub retry_for_ms: u32,
    pub tls: u8,
    pub compression: u8,
}

#[repr(C)]
pub struct BbError {
    pub kind: i32,
    pub code: i32,
    pub text: *mut u8,
    pub size: usize,
}

#[repr(C)]
pub struct BbRequest {
    pub statement: *const BbStatement,
    pub first_row: usize,
    pub rows: usize,
    pub page_size: i32,
    pub page_start: BbBytes,
}

#[repr(C)]
pub struct BbAnswer {
    pub kind: i32,
    pub code: i32,
    pub text: BbBytes,
    pub cells: BbBytes,
    pub rows: usize,
    pub columns: usize,
    pub next_page: BbBytes,
}

impl BbBytes {
    pub fn of(bytes: &[u8]) -> Self {
        BbBytes {
            data: bytes.as_ptr(),
            size: bytes.len(),
        }
    }

    /// # Safety
    /// `data` must point to `size` bytes that outlive the result.
    pub unsafe fn slice<'a>(self) -> &'a [u8] {
        if self.size == 0 {
            &[]
        } else {
            std::slice::from_raw_parts(self.data, self.size)
        }
    }

    /// # Safety
    /// As of `slice`.
    pub unsafe fn text(self) -> String {
        String::from_utf8_lossy(self.slice()).into_owned()
    }
}
