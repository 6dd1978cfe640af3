alter table orders
    add column carrier         text,
    add column tracking_number text,
    add column return_reason   text,
    -- When the status last changed. Of the orders from before nobody knows: they count from this migration on.
    add column status_since    timestamptz not null default now();

alter table orders
    drop constraint orders_status_check,
    drop constraint orders_stock_check,
    drop constraint orders_payment_check,
    add constraint orders_status_check check (
        status in ('PENDING', 'CONFIRMED', 'SHIPPED', 'RETURNED', 'CANCELLED')),
    add constraint orders_note_check check (note is null or status = 'CANCELLED'),
    add constraint orders_carrier_check check ((carrier is not null) = (status in ('SHIPPED', 'RETURNED'))),
    add constraint orders_tracking_number_check check ((tracking_number is null) = (carrier is null)),
    add constraint orders_return_reason_check check ((return_reason is not null) = (status = 'RETURNED')),
    -- What may be known of the parts in each state; `else false` refuses a state that is forgotten here.
    add constraint orders_stock_check check (
        case status
            when 'PENDING'   then stock in ('NONE', 'RESERVED')
            when 'CONFIRMED' then stock = 'RESERVED'
            when 'SHIPPED'   then stock in ('RESERVED', 'COMMITTED')
            when 'RETURNED'  then stock in ('RESERVED', 'COMMITTED', 'RESTOCKED')
            when 'CANCELLED' then stock in ('NONE', 'RESERVED', 'REJECTED', 'RELEASED')
            else false
        end),
    add constraint orders_payment_check check (
        case status
            when 'PENDING'   then payment in ('NONE', 'AUTHORIZED')
            when 'CONFIRMED' then payment = 'AUTHORIZED'
            when 'SHIPPED'   then payment in ('AUTHORIZED', 'CAPTURED', 'VOIDED')
            when 'RETURNED'  then payment in ('AUTHORIZED', 'CAPTURED', 'VOIDED', 'REFUNDED')
            when 'CANCELLED' then payment in ('NONE', 'AUTHORIZED', 'DECLINED', 'VOIDED', 'REFUNDED')
            else false
        end),
    add constraint orders_settled_check check (not settled or status not in ('PENDING', 'CONFIRMED'));

-- What waits for some part of the system, oldest first. A CONFIRMED order waits for a person.
create index orders_unsettled on orders (status_since, id) where not settled and status <> 'CONFIRMED';
